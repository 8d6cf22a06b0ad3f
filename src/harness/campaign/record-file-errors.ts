/** What can go wrong with the file of a record, and can be mended by a person. */
import { errorFactory, exitCodes } from '../../base/errors.ts';

export const recordFileErrors = {
  RECORD_EXISTS: {
    summary:
      'A file is where the record of a run was to be written; records are never overwritten.',
    exit: exitCodes.failed,
  },
  RECORD_DISK_FULL: {
    summary: 'The disk, the quota or the file size limit left no room for the record of a run.',
    exit: exitCodes.failed,
  },
  RECORD_NOT_WRITABLE: {
    summary: 'The record of a run could not be written.',
    exit: exitCodes.failed,
  },
  RECORD_NOT_FOUND: { summary: 'There is no record at this place.', exit: exitCodes.notFound },
  RECORD_NOT_READABLE: {
    summary: 'The record is there but could not be read.',
    exit: exitCodes.denied,
  },
  RECORD_NOT_ONE: { summary: 'The file is no record of a run.', exit: exitCodes.failed },
  RECORD_TRUNCATED: {
    summary: 'The record ends before its first line does: it holds nothing.',
    exit: exitCodes.failed,
  },
  RECORD_TOO_NEW: {
    summary: 'The record was written by a newer version, which this one could misread.',
    exit: exitCodes.failed,
  },
  RECORD_TOO_LARGE: {
    summary: 'The record is larger than what is read into memory.',
    exit: exitCodes.failed,
  },
  RECORD_DAMAGED: {
    summary: 'A line inside the record is not what was once written there.',
    exit: exitCodes.failed,
  },
} as const;

export const recordFileError = errorFactory(recordFileErrors);
