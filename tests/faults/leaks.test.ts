import { faultClass } from './classes/leaks.ts'
import { holdForSeeds } from './hold-for-seeds.ts'

holdForSeeds(faultClass)
