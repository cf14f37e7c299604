import type { Contract } from '../../preload/contract/contract.ts'
import { connectEngine } from '../../main/engine/connect.ts'
import { subletVersion } from '../../main/engine/version.ts'
import type { Client } from '../../main/rpc/client/client.ts'

/** Calls the engine of a home, which is started where none runs, and lets go of it. */
export async function withEngine<T>(
  home: string,
  work: (api: Client<Contract>['api']) => Promise<T>,
): Promise<T> {
  const client = await connectEngine({
    home,
    clientVersion: subletVersion(),
    role: 'test',
    startIfAbsent: true,
  })
  try {
    return await work(client.api)
  } finally {
    client.close()
  }
}
