import { faultClass } from './classes/api-schedules.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 120_000)
