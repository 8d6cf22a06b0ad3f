/** The build of the page: `dist/ui`, with names made of contents. Nothing is fetched from elsewhere when it runs. */
import { join } from 'node:path';

import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: join(import.meta.dirname, '../dist/ui'),
    emptyOutDir: true,
    // A style or a picture inside the script would need a laxer policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    // Of what is in it: their notices go where their code goes.
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      input: ['index.html', 'join.html'].map((page) => join(import.meta.dirname, page)),
    },
  },
});
