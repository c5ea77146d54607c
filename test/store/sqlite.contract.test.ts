import { storeContract } from "../contracts/store.contract.ts";
import { sqliteState } from "./states.ts";

storeContract("SQLite", sqliteState);
