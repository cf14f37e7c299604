import { faultClass } from './classes/local-attackers.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 180_000)
