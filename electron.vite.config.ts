import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'electron-vite'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  renderer: {
    root: at('renderer'),
    plugins: [react()],
    build: {
      outDir: at('out/renderer'),
      emptyOutDir: true,
      // The policy forbids data: scripts and fonts; small images may stay inline.
      assetsInlineLimit: 2_048,
      rollupOptions: { input: at('renderer/index.html') },
    },
  },
})
