import { definePlugin } from "@damson/plugin-sdk";

export default definePlugin({ name: "scheduler", setup() {} });
