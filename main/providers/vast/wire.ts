import { z } from 'zod'

// As far as Sublet uses them; unknown fields are ignored. Tokens (`jupyter_token`,
// `instance_api_key`) are left out on purpose. Hosts leave many fields empty: null is taken everywhere.

export const wireErrorSchema = z.object({
  error: z.string().optional().catch(undefined),
  msg: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  detail: z.string().optional().catch(undefined),
  /** Of a machine that was made all the same, such as one whose bid is too low. */
  new_contract: z.int().nullish().catch(null),
})

export const userSchema = z.object({
  email: z.string().nullish(),
  /** US dollars. The description knows `balance` only; the official client shows `credit` too. */
  balance: z.number().nullish(),
  credit: z.number().nullish(),
})

export const wireAskSchema = z.object({
  id: z.int(),
  machine_id: z.int(),
  gpu_name: z.string(),
  num_gpus: z.int().positive(),
  /** Of one GPU, in MiB as `nvidia-smi` tells it (24564 of an RTX 4090). */
  gpu_ram: z.number().positive(),
  gpu_arch: z.string().nullish(),
  cpu_arch: z.string().nullish(),
  cpu_cores: z.number().nullish(),
  cpu_cores_effective: z.number().nullish(),
  /** Of the whole machine, in MB. */
  cpu_ram: z.number().nullish(),
  /** GB that can be had at most. */
  disk_space: z.number(),
  /** US dollars an hour for all GPUs of the offer, without disk. */
  dph_base: z.number(),
  /** US dollars an hour for all GPUs of the offer: the least that a bid must be. */
  min_bid: z.number().nullish(),
  /** US dollars a GB and month of 720 hours. */
  storage_cost: z.number().nonnegative(),
  /** US dollars a GB out of the machine. */
  inet_up_cost: z.number().nonnegative().nullish(),
  dph_total: z.number().nullish(),
  reliability: z.number().nullish(),
  reliability2: z.number().nullish(),
  geolocation: z.string().nullish(),
  /** Until when the host offers it, epoch seconds. */
  end_date: z.number().nullish(),
  cuda_max_good: z.number().nullish(),
  direct_port_count: z.number().nullish(),
  rentable: z.boolean().nullish(),
  verification: z.string().nullish(),
})
export type WireAsk = z.infer<typeof wireAskSchema>

/** Rows are read one by one: a host's odd row must not hide the others. */
export const asksSchema = z.object({ offers: z.array(z.unknown()) })

const portSchema = z.object({ HostPort: z.string() })

export const wireInstanceSchema = z.object({
  id: z.int(),
  label: z.string().nullish(),
  actual_status: z.string().nullish(),
  intended_status: z.string().nullish(),
  cur_state: z.string().nullish(),
  next_state: z.string().nullish(),
  status_msg: z.string().nullish(),
  public_ipaddr: z.string().nullish(),
  /** Ports of the host by those of the container. "Show instance" describes a list of numbers. */
  ports: z
    .object({ '22/tcp': z.array(portSchema).nullish() })
    .nullish()
    .catch(null),
  is_bid: z.boolean().nullish(),
  /** US dollars an hour: without and with the disk. */
  dph_base: z.number(),
  dph_total: z.number().nullish(),
  storage_total_cost: z.number().nullish(),
  geolocation: z.string().nullish(),
  start_date: z.number().nullish(),
})
export type WireInstance = z.infer<typeof wireInstanceSchema>

/** One that it does not know is null here, or a 404: the description says neither. */
export const instanceSchema = z.object({ instances: wireInstanceSchema.nullish() })
export const instancesSchema = z.object({
  instances: z.array(wireInstanceSchema),
  next_token: z.string().nullish(),
})

export const createdSchema = z.object({ new_contract: z.int() })

export const wireVolumeSchema = z.object({
  id: z.int(),
  label: z.string().nullish(),
  status: z.string().nullish(),
  /** US dollars an hour. */
  storage_total_cost: z.number().nullish(),
  geolocation: z.string().nullish(),
  start_date: z.number().nullish(),
})
export type WireVolume = z.infer<typeof wireVolumeSchema>
export const volumesSchema = z.object({ volumes: z.array(wireVolumeSchema) })

/** `GET /charges`: by contract. */
export const chargesSchema = z.object({
  results: z.array(
    z.object({
      /** `instance-12345678` */
      source: z.string().nullish(),
      /** Epoch seconds. */
      start: z.number().nullish(),
      end: z.number().nullish(),
      /** US dollars, three decimals. */
      amount: z.number(),
    }),
  ),
  next_token: z.string().nullish(),
})
