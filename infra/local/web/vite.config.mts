import { defineConfig } from 'vite';

/** JSX needs no plugin: the compiler that Vite brings reads `jsx` from tsconfig.json. */
export default defineConfig({
  root: import.meta.dirname,
  build: { outDir: 'dist', emptyOutDir: true, target: 'es2022', sourcemap: false, reportCompressedSize: false },
});
