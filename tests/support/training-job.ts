import { execFile } from 'node:child_process'
import { createCipheriv, createHash } from 'node:crypto'
import { closeSync, openSync, writeSync } from 'node:fs'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

/**
 * A real training job without dependencies: reads all of its data, fits a small model on it, and
 * writes checkpoints, metrics and weights. The same data give the same bytes, log included.
 * Each start appends a line to starts.txt. GATE: it waits in its middle until that file exists.
 * WEIGHTS_MB: size of the weights.
 */
const script = `import hashlib, json, os, random, time
from pathlib import Path

data, output = Path(os.environ["SUBLET_DATA"]), Path(os.environ["SUBLET_OUTPUT"])
output.mkdir(parents=True, exist_ok=True)
with open(output / "starts.txt", "a") as starts:
    starts.write("started\\n")
digest, rows = hashlib.sha256(), []
for path in sorted(data.rglob("*")):
    if path.is_file():
        with open(path, "rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
                rows.append([byte / 255 for byte in block[:8]])
print(f"{len(rows)} rows, data {digest.hexdigest()}", flush=True)
weights, rng = [0.0] * 8, random.Random(7)
(output / "checkpoints").mkdir(exist_ok=True)
with open(output / "metrics.csv", "w") as metrics:
    for epoch in range(1, 9):
        loss = 0.0
        for row in rows:
            row = row + [0.0] * (8 - len(row))
            error = sum(w * x for w, x in zip(weights, row)) - row[0] - row[3]
            loss += error * error
            weights = [w - 0.05 * error * x for w, x in zip(weights, row)]
        metrics.write(f"{epoch},{loss:.9f}\\n")
        (output / "checkpoints" / f"epoch-{epoch}.json").write_text(json.dumps(weights))
        print(f"epoch {epoch} loss {loss:.9f}", flush=True)
        if epoch == 4 and "GATE" in os.environ:
            while not os.path.exists(os.environ["GATE"]):
                time.sleep(0.02)
with open(output / "weights.bin", "wb") as file:
    for _ in range(int(os.environ.get("WEIGHTS_MB", "1"))):
        file.write(rng.randbytes(1 << 20))
print("finished", flush=True)
`

/** Writes `train/` with its script and `data/` with so many seeded random bytes, in two files. */
export async function writeTrainingJob(work: string, dataBytes: number): Promise<void> {
  await mkdir(join(work, 'train'), { recursive: true })
  await mkdir(join(work, 'data', 'part b'), { recursive: true })
  await writeFile(join(work, 'train', 'train.py'), script)
  seededFile(join(work, 'data', 'a.bin'), dataBytes - Math.floor(dataBytes / 4), 1)
  seededFile(join(work, 'data', 'part b', 'b.bin'), Math.floor(dataBytes / 4), 2)
}

/** Runs the script here, with no Sublet. */
export async function runLocally(
  work: string,
  output: string,
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly log: string }> {
  const { stdout } = await promisify(execFile)('python3', [join(work, 'train', 'train.py')], {
    env: { ...process.env, ...env, SUBLET_DATA: join(work, 'data'), SUBLET_OUTPUT: output },
  })
  return { log: stdout }
}

/** Every file below a folder with the hash of its bytes. */
export async function treeHashes(dir: string): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile())
    .map((one) => join(one.parentPath, one.name))
  const hashes = await Promise.all(
    files.sort().map(async (file) => {
      const hash = createHash('sha256').update(await readFile(file))
      return [file.slice(dir.length + 1), hash.digest('hex')] as const
    }),
  )
  return Object.fromEntries(hashes)
}

/** Bytes that look random and are the same for the same seed. */
function seededFile(path: string, bytes: number, seed: number): void {
  const stream = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16))
  const zeros = Buffer.alloc(1 << 20)
  const file = openSync(path, 'w')
  try {
    for (let left = bytes; left > 0; left -= zeros.length) {
      writeSync(file, stream.update(zeros.subarray(0, Math.min(left, zeros.length))))
    }
  } finally {
    closeSync(file)
  }
}
