/** Takes out of facts what tells where somebody is: IP addresses keep their kind and which are the same, keys go. */

const ipv4 = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const ipv6 = /\b(?:[0-9a-f]{1,4}:){2,7}[0-9a-f]{0,4}\b|\b[0-9a-f]{0,4}::[0-9a-f:]*/gi;
const key = /[0-9a-f]{64,}/gi;

/** JSON of a value, redacted. Within one text the same address is always called the same. */
export function redactedJson(value: unknown): string {
  const names = new Map<string, string>();
  const nameOf = (kind: string, text: string): string => {
    const known = names.get(text);
    if (known !== undefined) return known;
    const name = `${kind}-${names.size + 1}`;
    names.set(text, name);
    return name;
  };
  return JSON.stringify(value, null, 2)
    .replace(key, '[key]')
    .replace(ipv4, (text) => nameOf('ipv4', text))
    .replace(ipv6, (text) => nameOf('ipv6', text));
}
