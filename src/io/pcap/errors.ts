/** Error codes of reading captures. */
import { errorFactory, exitCodes, type ErrorTable } from '../../base/errors.ts';

export const pcapErrors = {
  PCAP_MISSING: {
    summary: 'There is no such capture file.',
    exit: exitCodes.notFound,
  },
  PCAP_UNREADABLE: {
    summary: 'A capture file is there but cannot be read: a directory, or without permission.',
    exit: exitCodes.denied,
  },
  PCAP_FORMAT_UNKNOWN: {
    summary: 'What was given as a capture is neither pcap nor pcapng.',
    exit: exitCodes.failed,
  },
  PCAP_LINK_TYPE_UNKNOWN: {
    summary: 'A capture was made on a kind of interface whose framing is not read here.',
    exit: exitCodes.failed,
  },
  PCAP_DAMAGED: {
    summary: 'A capture contradicts itself in the middle; what stood before was used.',
    exit: exitCodes.failed,
  },
  PCAP_TRUNCATED: {
    summary: 'A capture ends in the middle of a record; the whole ones were used.',
    exit: exitCodes.failed,
  },
} as const satisfies ErrorTable;

export const pcapError = errorFactory(pcapErrors);
