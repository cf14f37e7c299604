import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** A job that prints, computes and writes like a training does, for as long as it is let. */
const script = `import os, sys, time
from pathlib import Path
out = Path(os.environ["SUBLET_OUTPUT"]); out.mkdir(parents=True, exist_ok=True)
print("loading 1,204 images", flush=True)
step = 1180
for second in range(int(sys.argv[1])):
    end = time.time() + (0.35 if second % 9 else 0.9)
    while time.time() < end:
        sum(i * i for i in range(2000))
    step += 20
    print(f"epoch {1 + step // 900}  step {step}  loss {0.412 * 1180 / step:.4f}  acc {0.871 + step / 90000:.4f}  412 img/s", flush=True)
    if second % 12 == 0:
        (out / f"checkpoint-{step}.pt").write_bytes(os.urandom(342_000))
        with open(out / "metrics.csv", "a") as metrics: metrics.write(f"{step},{0.412 * 1180 / step:.4f}\\n")
    time.sleep(max(0.0, 1 - (time.time() - end)))
`

/** Writes the project below a folder; answers the project's folder. */
export async function writeTraining(work: string): Promise<string> {
  const folder = join(work, 'finetune-vit')
  await mkdir(join(folder, 'data'), { recursive: true })
  await writeFile(join(folder, 'train.py'), script)
  await writeFile(join(folder, 'requirements.txt'), '')
  for (let image = 0; image < 24; image += 1) {
    await writeFile(join(folder, 'data', `image-${image}.bin`), Buffer.alloc(120_000, image))
  }
  return folder
}
