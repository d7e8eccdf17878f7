// Hands the sandbox's listening sockets over in the name of the program that start.sh becomes.
import { handOverServers } from './servers.mjs';

await handOverServers();
