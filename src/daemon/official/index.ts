/** Taking an official controller over: what others import of this folder. A node that only runs loads none of it. */
export { importOfficial } from './import-official.ts';
