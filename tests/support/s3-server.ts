import { motoServer, type MotoServer } from './moto-server.ts'

export type S3Server = MotoServer

/** A real S3 server (moto) on loopback with one empty bucket; a sentence where it cannot be had. */
export async function s3Server(bucket: string): Promise<S3Server | string> {
  const server = await motoServer()
  if (server === null) {
    return "an S3 server is needed: pip install 'moto[server]' in a venv, and SUBLET_TEST_MOTO=…/bin/moto_server."
  }
  const made = await fetch(`http://127.0.0.1:${server.port}/${bucket}`, { method: 'PUT' })
  if (made.ok) return server
  await server.stop()
  throw new Error(`moto refused to make the bucket ${bucket}: HTTP ${made.status}.`)
}
