import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { execFileSync } from 'node:child_process'
import {
  localPath,
  pathFromBuffer,
  ROOT,
  joinPath,
  type PathBytes,
} from '../../main/transfer/path-bytes.ts'

const PAST_S = 1_600_000_000

/** Every name and kind of thing that has broken a transfer tool. Returns what cannot travel. */
export function makeHardTree(root: string): readonly string[] {
  const at = (path: Buffer | string): Buffer =>
    Buffer.concat([Buffer.from(`${root}/`), Buffer.isBuffer(path) ? path : Buffer.from(path)])
  const file = (path: Buffer | string, content: string | Buffer, mode = 0o644): void => {
    writeFileSync(at(path), content)
    chmodSync(at(path), mode)
    utimesSync(at(path), PAST_S, PAST_S + 7)
  }
  mkdirSync(at('with space'), { recursive: true })
  file('with space/a b.txt', 'space')
  file(`it's "quoted" $HOME \`id\` \\back.txt`, 'quotes')
  file('new\nline\n', 'newline')
  file('-rf', 'dash')
  file('--help', 'dash')
  mkdirSync(at('-dir'))
  file('-dir/-x', 'dash')
  file('caf\u00e9.txt', 'NFC')
  file('cafe\u0301.txt', 'NFD')
  file(Buffer.from([0x62, 0xff, 0xfe, 0x0a, 0x64]), 'not UTF-8')
  mkdirSync(at(Buffer.from([0x64, 0xe9])))
  file(Buffer.from([0x64, 0xe9, 0x2f, 0xe8]), 'not UTF-8 inside')
  file(Buffer.concat([Buffer.from([0xe9]), Buffer.from('big.bin')]), Buffer.alloc(1_500_000, 'q'))
  file('x'.repeat(255), 'long')
  mkdirSync(at('d'.repeat(200)))
  file(`${'d'.repeat(200)}/${'e'.repeat(250)}`, 'longer')
  file('empty', '')
  mkdirSync(at('empty folder'))
  file('script.sh', '#!/bin/sh\necho hi\n', 0o755)
  file('private', 'secret', 0o600)
  file('medium.bin', Buffer.alloc(2_300_001, 'medium'))
  symlinkSync('private', at('link'))
  symlinkSync('../medium.bin', at('with space/up'))
  symlinkSync('nowhere', at('dangling'))
  symlinkSync('with space', at('link to folder'))
  symlinkSync('/etc/passwd', at('absolute link'))
  symlinkSync('../../outside', at('link out'))
  execFileSync('mkfifo', [`${root}/pipe`])
  const sparse = openSync(at('sparse'), 'w')
  writeSync(sparse, 'start', 0)
  writeSync(sparse, 'middle', 9_000_000)
  ftruncateSync(sparse, 20_000_003)
  closeSync(sparse)
  utimesSync(at('sparse'), PAST_S, PAST_S)
  mkdirSync(at('read only'))
  file('read only/kept', 'kept', 0o444)
  chmodSync(at('read only'), 0o555)
  for (const dir of ['with space', 'empty folder', '-dir', 'read only'])
    utimesSync(at(dir), PAST_S, PAST_S + 1)
  return ['absolute link', 'link out', 'pipe']
}

/** One line per thing in the tree: kind, mode, time in seconds, content; for comparing two trees. */
export function describeTree(root: string, leaveOut: readonly string[] = []): Map<string, string> {
  const lines = new Map<string, string>()
  const visit = (folder: PathBytes): void => {
    for (const name of readdirSync(localPath(root, folder), { encoding: 'buffer' })) {
      const path = joinPath(folder, pathFromBuffer(name))
      if (leaveOut.includes(path)) continue
      const place = localPath(root, path)
      const stats = lstatSync(place)
      const stamp = `${(stats.mode & 0o7777).toString(8)} ${Math.floor(stats.mtimeMs / 1000)}`
      if (stats.isDirectory()) {
        lines.set(path, `dir ${stamp}`)
        visit(path)
      } else if (stats.isSymbolicLink()) {
        lines.set(path, `link ${readlinkSync(place, { encoding: 'buffer' }).toString('hex')}`)
      } else if (stats.isFile()) {
        const hash = createHash('sha256').update(readFileSync(place)).digest('hex')
        lines.set(path, `file ${stamp} ${stats.size} ${hash}`)
      } else lines.set(path, 'other')
    }
  }
  visit(ROOT)
  return lines
}
