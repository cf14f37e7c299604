import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A small file system of its own, so that a test can fill it. */
export interface Tmpfs {
  /** A size in the words of mount, such as `16m`. */
  resize(size: string): void
  unmount(): void
}

/** Whether this user may mount; says on standard error, once per call, why tests are skipped. */
export function isTmpfsAvailable(): boolean {
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    const dir = mkdtempSync(join(tmpdir(), 'sublet-tmpfs-'))
    const { status } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dir])
    if (status === 0) execFileSync('umount', [dir])
    rmdirSync(dir)
    if (status === 0) return true
  }
  process.stderr.write('SKIPPED: a full disk needs root on Linux, to mount a small tmpfs.\n')
  return false
}

/** Mounts over an existing folder; call `unmount` in the test's clean-up. */
export function mountTmpfs(dir: string, size: string): Tmpfs {
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', dir])
  return {
    resize: (wanted) => void execFileSync('mount', ['-o', `remount,size=${wanted}`, dir]),
    unmount: () => void execFileSync('umount', [dir], { stdio: 'pipe' }),
  }
}
