import { faultClass } from './classes/network-cuts.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 180_000)
