import { channelSuite } from '../testing/channel-suite.ts';
import { paperWorld } from '../testing/paper/paper-world.ts';

channelSuite('paper', paperWorld);
