/**
 * Watching a descriptor on the event loop: one call each time that there is something to read, as long as there is.
 */
import { assert } from '../../base/errors.ts';
import type { Libc } from './libc.ts';

/** A running watch. */
export interface DescriptorWatch {
  /** Ends it; to be done before the descriptor is closed. Idempotent, and allowed inside the callback. */
  close(): void;
}

/** What is not held here is collected, and a collected handle of koffi stops watching without a word. */
const handles = new Set<object>();

/**
 * Watches for something to read. The event loop runs as long as a watch does.
 *
 * @param descriptor - open, and non-blocking
 * @param onReadable - `status` is 0; or below, once, when the descriptor cannot be watched any more: an error number.
 *   What it throws ends the process like every uncaught error
 */
export function watchDescriptor(
  { foreign }: Libc,
  descriptor: number,
  onReadable: (status: number) => void,
): DescriptorWatch {
  assert(descriptor >= 0, 'a watched descriptor is open');
  let isOpen = true;
  const handle = foreign.node.poll(descriptor, { readable: true }, (status) => {
    if (!isOpen) return;
    if (status < 0) close();
    try {
      onReadable(status);
    } catch (error) {
      // koffi would swallow it.
      setImmediate(() => {
        throw error;
      });
    }
  });
  handles.add(handle);
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    handle.close();
    handles.delete(handle);
  };
  return { close };
}
