/** What is in the Ethernet frame that a message carries. */
import { describeFrame } from '../ethernet/describe-frame.ts';
import type { Message } from '../verbs/index.ts';

/** One line: `IPv4 10.144.0.67 → 10.144.0.35 ICMP echo request`; null for a message that carries no frame. */
export function frameText(message: Message): string | null {
  switch (message.name) {
    case 'FRAME':
    case 'EXT_FRAME':
    case 'MULTICAST_FRAME': {
      const { etherType, data } = message.value;
      return describeFrame(etherType, data, 0, data.length);
    }
    default:
      return null;
  }
}
