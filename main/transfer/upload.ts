import { SubletError } from '../domain/errors.ts'
import { uploadByCurl } from './upload-curl.ts'
import { uploadByPython } from './upload-python.ts'
import type { Upload, UploadAnswer, Uploader } from './upload-types.ts'

/** Both are tried, as a name on the PATH may be a wrapper of something that is not there. */
const findTool = `if curl -q --version >/dev/null 2>&1; then echo curl
elif python3 -I -c 'import http.client, json, ssl' >/dev/null 2>&1; then echo python3
fi`

/**
 * Has the machine upload files by itself, with curl or else with python3, read from its disk as
 * they travel. The addresses go over standard input, never into arguments or files. Answers in the
 * order of `uploads`. Errors: `unsupported` where there is neither, `unreachable` on a cut.
 */
export async function uploadFrom(
  machine: Uploader,
  uploads: readonly Upload[],
  signal: AbortSignal,
): Promise<UploadAnswer[]> {
  const { stdout } = await machine.exec(findTool, { signal })
  switch (stdout.trim()) {
    case 'curl':
      return await uploadByCurl(machine, uploads, signal)
    case 'python3':
      return await uploadByPython(machine, uploads, signal)
    default:
      throw new SubletError(
        'unsupported',
        `There is neither curl nor python3 on ${machine.label} to send results to a bucket with.`,
      )
  }
}
