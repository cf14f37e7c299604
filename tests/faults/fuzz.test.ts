import { faultClass } from './classes/fuzz.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass, 180_000)
