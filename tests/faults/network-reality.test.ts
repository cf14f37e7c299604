import { faultClass } from './classes/network-reality.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 180_000)
