// Generated from the OpenAPI document by `npm run generate`. Do not edit.

export interface paths {
    "/v1/agent/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * End the agent; its apps go on unless `apps` is set
         * @description Apps that are stopped here stay declared: the next agent on the work directory starts them again.
         */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Stop the apps too. */
                        apps?: boolean;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            message: string;
                            success: boolean;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apply": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Declare an app: from now on it is kept like this
         * @description The same document again changes nothing, except that it starts an app that was stopped.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                        app: string;
                        /** @description Written by a controller: the instance of a deployment that this app is. */
                        assignment?: {
                            /** @description What the app itself is told to be called. */
                            app: string;
                            /** @description Of the store that assigned it. */
                            controller_id?: string;
                            /** @description Name of its deployment. */
                            deployment: string;
                            deployment_id: string;
                            /** @description Id of the one instance; the same as `app`. */
                            instance_id: string;
                            /** @description Version of the deployment. */
                            spec_version: number;
                        };
                        /** @description Running copies on this node. Default 1; `pkg.replicas` is accepted for it. */
                        instances?: number;
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description What to run; described by the runtime that serves `type`. */
                        package?: {
                            /** @description Picks the runtime: binary, script, artifact, docker … */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        /** @description What to run; described by the runtime that serves `type`. */
                        pkg?: {
                            /** @description Picks the runtime: binary, script, artifact, docker … */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        probes?: ({
                            /** @description Kind of probe; a probe plugin serves it. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        })[];
                        /** @description Default always. */
                        restart?: ("always" | "on-failure" | "never") | {
                            /**
                             * @description Wait before the first restart; doubles with each further one. Default 0.5s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            delay?: string | number;
                            /**
                             * @description Longest wait between two restarts. Default 60s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            max_delay?: string | number;
                            /** @enum {unknown} */
                            policy?: "always" | "on-failure" | "never";
                        };
                        services?: {
                            /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                            labels?: {
                                [key: string]: string;
                            };
                            /** @description Lower-case letters, digits and '-'. */
                            name: string;
                            port: number;
                            /**
                             * @description Default http.
                             * @enum {unknown}
                             */
                            protocol?: "http" | "https" | "tcp" | "udp" | "grpc";
                            /** @description Letters, digits, '.', '_', '+' and '-'; 1 to 128 characters; starts and ends with a letter or digit. */
                            version?: string;
                        }[];
                        stop?: {
                            /** @description Seconds until what still runs is killed. Default 10. */
                            grace_seconds?: number;
                            /**
                             * @description Sent first. Default SIGTERM.
                             * @enum {unknown}
                             */
                            signal?: "SIGTERM" | "SIGINT" | "SIGQUIT" | "SIGHUP" | "SIGUSR1" | "SIGUSR2" | "SIGWINCH" | "SIGKILL";
                        };
                        /** @description Default recreate. */
                        update?: ("recreate" | "rolling") | {
                            /**
                             * @description A new instance must be healthy within this. Default 60s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            healthy_within?: string | number;
                            /**
                             * @description Without probes, an instance is healthy when it has run this long. Default 2s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            min_running?: string | number;
                            /** @enum {unknown} */
                            strategy?: "recreate" | "rolling";
                        };
                        /** @description Letters, digits, '.', '_', '+' and '-'; 1 to 128 characters; starts and ends with a letter or digit. */
                        version: string;
                    };
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Stop an app, remove its units and logs, and forget it */
        delete: {
            parameters: {
                query?: {
                    /** @description Id of the instance that the app is of a controller: without it, only a local app is changed. */
                    assignment?: string;
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when it is done. */
                    wait?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/actions/{action}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** An action of the app's own runtime, e.g. confirm */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    action: string;
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            /** @description Input of the action */
            requestBody: {
                content: {
                    "application/json": unknown;
                };
            };
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            results: {
                                [key: string]: unknown;
                            };
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/exec": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Run a command inside a running instance
         * @description A WebSocket. A binary message is some bytes of a stream, behind one byte that names it: 0 stdin (from the client), 1 stdout, 2 stderr (from the agent). A text message is JSON: from the client `{"type":"resize","columns":80,"rows":24}` for its terminal and `{"type":"eof"}` at the end of stdin; from the agent, as the last one, `{"type":"exit","code":0}` (`null` when nobody knows it) or `{"type":"error","problem":{…}}`. No message has more than 1 MiB. The command is ended when the connection is.
         */
        get: {
            parameters: {
                query: {
                    /** @description Default 80. */
                    columns?: number;
                    command: string[];
                    /** @description NAME=value, added to what the instance itself sees. */
                    env?: string[];
                    instance?: string;
                    /** @description Default 24. */
                    rows?: number;
                    /** @description Whether the client sends input. Default false: it has none. */
                    stdin?: boolean;
                    /** @description Give it a terminal; all its output is then stdout. */
                    tty?: boolean;
                    /** @description Default: the instance's own. */
                    user?: string;
                    /** @description Absolute. Default: the instance's own. */
                    working_dir?: string;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The command is being started; what follows is said above */
                101: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/exits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The last exits, newest last */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            exits: components["schemas"]["ExitRecord"][];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/logs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Lines that an app wrote
         * @description NDJSON, or server-sent events with `Accept: text/event-stream`; the id of an event resumes right after its line. `tail` counts per instance.
         */
        get: {
            parameters: {
                query?: {
                    /** @description A cursor: begin right after that line. */
                    after?: string;
                    follow?: boolean;
                    instance?: string;
                    /** @description A duration back from now, such as 10m, or an ISO 8601 time. */
                    since?: string;
                    stream?: "stdout" | "stderr";
                    tail?: number;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description A line each */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": {
                            base64?: string;
                            cursor: string;
                            instance_id: string;
                            /** @enum {boolean} */
                            partial?: true;
                            /** @description Bytes dropped before this line to keep within the limit; null when nobody knows how many. */
                            skipped?: number | null;
                            /** @enum {unknown} */
                            stream: "stdout" | "stderr";
                            text: string;
                            time: string | null;
                        };
                        "text/event-stream": {
                            base64?: string;
                            cursor: string;
                            instance_id: string;
                            /** @enum {boolean} */
                            partial?: true;
                            /** @description Bytes dropped before this line to keep within the limit; null when nobody knows how many. */
                            skipped?: number | null;
                            /** @enum {unknown} */
                            stream: "stdout" | "stderr";
                            text: string;
                            time: string | null;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/restart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End every run and begin a new one */
        post: {
            parameters: {
                query?: {
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when it is done. */
                    wait?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Apply an earlier version again */
        post: {
            parameters: {
                query?: {
                    /** @description Which kept version. Default: the one before the present one. */
                    revision?: number;
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when it is done. */
                    wait?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run an app that was stopped or has ended */
        post: {
            parameters: {
                query?: {
                    /** @description Id of the instance that the app is of a controller: without it, only a local app is changed. */
                    assignment?: string;
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when it is done. */
                    wait?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/stats": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What each running instance uses
         * @description With `follow`: a record for each sample of an instance, about once a second, as NDJSON, or as server-sent events with `Accept: text/event-stream`. Processor time in percent is the difference of two samples.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Go on, with a sample of each instance about once a second. */
                    follow?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description All instances, or with `follow` a sample each */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            instances: {
                                /** Format: date-time */
                                at: string;
                                cpu_seconds: number;
                                instance_id: string;
                                memory_bytes: number;
                                memory_limit_bytes?: number;
                                processes: number;
                            }[];
                        };
                        "application/x-ndjson": {
                            /** Format: date-time */
                            at: string;
                            cpu_seconds: number;
                            instance_id: string;
                            memory_bytes: number;
                            memory_limit_bytes?: number;
                            processes: number;
                        };
                        "text/event-stream": {
                            /** Format: date-time */
                            at: string;
                            cpu_seconds: number;
                            instance_id: string;
                            memory_bytes: number;
                            memory_limit_bytes?: number;
                            processes: number;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop an app; it stays declared */
        post: {
            parameters: {
                query?: {
                    /** @description Id of the instance that the app is of a controller: without it, only a local app is changed. */
                    assignment?: string;
                    /** @description Longest wait. Default 30s. */
                    timeout?: string | number;
                    /** @description Answer only when it is done. */
                    wait?: boolean;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description false: the app was already declared like this. */
                            changed: boolean;
                            message: string;
                            success: boolean;
                            version: string;
                            /** @description What was declared and has no effect, or none yet. */
                            warnings?: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/{app}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The kept versions, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Environment names to show in clear, comma-separated. */
                    reveal?: string;
                };
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            versions: components["schemas"]["VersionRecord"][];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/controller": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How the agent stands with its controller */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Of the store whose list was last taken on. */
                            controller_id?: string;
                            /**
                             * Format: date-time
                             * @description When it last answered, by the agent's clock.
                             */
                            last_contact?: string;
                            /** @description Apps that another store assigned; they are kept, and changed here, until this one lists them. */
                            left: string[];
                            /** @description Instances of which something is still to be told. */
                            queued_statuses: number;
                            /** @description Why it is not connected, or what is not in order. */
                            reason?: string;
                            /** @description Of the list that was last carried out since the start. */
                            revision?: number;
                            /** @enum {unknown} */
                            state: "connecting" | "connected" | "refused";
                            url: string;
                            /**
                             * @description Assigned apps that do not run wait until the controller is heard.
                             * @enum {boolean}
                             */
                            waiting?: true;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens on this agent
         * @description Server-sent events; `Last-Event-ID` resumes. An event `events.lost` says that some in between are no longer known. With `follow=false`: what is kept, as NDJSON.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app?: string;
                    /** @description Default true. false: answer what is kept, and end. */
                    follow?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description An event each */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/x-ndjson": {
                            app?: string;
                            id: string;
                            instance_id?: string;
                            message?: string;
                            runtime?: string;
                            /** Format: date-time */
                            time: string;
                            /** @description e.g. app.applied, instance.running, instance.exited, instance.crash_looping, runtime.unavailable */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        "text/event-stream": {
                            app?: string;
                            id: string;
                            instance_id?: string;
                            message?: string;
                            runtime?: string;
                            /** Format: date-time */
                            time: string;
                            /** @description e.g. app.applied, instance.running, instance.exited, instance.crash_looping, runtime.unavailable */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the agent answers */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            service: string;
                            /** @enum {string} */
                            status: "healthy";
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plugins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every plugin with its state, and every runtime that they brought */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            plugins: ({
                                /** @description Code of the first fault, of a failed plugin. */
                                code?: string;
                                /** @description With defaults; secrets stand as ***. */
                                config: unknown;
                                contract?: number;
                                id: string;
                                name?: string;
                                provides?: string[];
                                /** @description Why it is not ready. */
                                reason?: string;
                                remedy?: string;
                                required: boolean;
                                runs_on?: string[];
                                /** @description `ready`; `degraded`: ready, and a runtime of it cannot be used now; `failed`, `skipped`; others are on their way. */
                                state: string;
                                timings_ms: {
                                    [key: string]: number;
                                };
                                /** @description As in plugins.yaml. */
                                use: string;
                                version?: string;
                            } & {
                                [key: string]: unknown;
                            })[];
                            runtimes: {
                                name: string;
                                /** @description The pkg.type values that it serves. */
                                package_types: string[];
                                /** @description Why it is not usable, or what works only in part. */
                                reason?: string;
                                remedy?: string;
                                /** @description Whether it can run anything here; false until its first answer. */
                                usable: boolean;
                                /** @description Of what it stands on. */
                                version?: string;
                            }[];
                            /** @description What keeps it from running something as it should. */
                            warnings: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/plugins/reload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Read plugins.yaml again; only what changed restarts, and no app is touched */
        post: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            /** @description Those that were to start and could not. */
                            failed: string[];
                            restarted: string[];
                            started: string[];
                            stopped: string[];
                            unchanged: string[];
                            warnings: string[];
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            apps: components["schemas"]["AppStatus"][];
                            controller?: components["schemas"]["ControllerStatus"];
                            /** @description Documents that could not be read at start, and where they were put. */
                            damaged: {
                                file: string;
                                name: string;
                                reason: string;
                            }[];
                            /**
                             * @description The agent is reachable from outside without a token.
                             * @enum {boolean}
                             */
                            insecure?: true;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/status/{app}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One app */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                    app: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Default Response */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            app: string;
                            /** @description Written by a controller: the instance of a deployment that this app is. */
                            assignment?: {
                                /** @description What the app itself is told to be called. */
                                app: string;
                                /** @description Of the store that assigned it. */
                                controller_id?: string;
                                /** @description Name of its deployment. */
                                deployment: string;
                                deployment_id: string;
                                /** @description Id of the one instance; the same as `app`. */
                                instance_id: string;
                                /** @description Version of the deployment. */
                                spec_version: number;
                            };
                            crash_looping: boolean;
                            /** @enum {unknown} */
                            desired: "running" | "stopped" | "deleted";
                            healthy: {
                                /** @description Share of the instances that are healthy, in percent. */
                                level: number;
                                msg: string;
                            };
                            instances: components["schemas"]["InstanceStatus"][];
                            labels: {
                                [key: string]: string;
                            };
                            /** @enum {unknown} */
                            phase: "pending" | "preparing" | "starting" | "running" | "unhealthy" | "stopping" | "stopped" | "exited" | "backoff" | "failed";
                            reason?: string;
                            /** @description Instances declared. */
                            replicas: number;
                            restarts: number;
                            /** @description Name of the runtime that runs it, or would; empty while none does, and no loaded one would. */
                            runtime: string;
                            /** @enum {unknown} */
                            status: "running" | "stopped" | "error" | "pending";
                            update?: {
                                /**
                                 * Format: date-time
                                 * @description When it came to this state.
                                 */
                                at: string;
                                /** @description By which it failed; its log is kept until the next change. */
                                failed_instance?: string;
                                from_version: string;
                                reason?: string;
                                /** @enum {unknown} */
                                state: "in_progress" | "done" | "failed";
                                to_version: string;
                            };
                            /**
                             * Format: date-time
                             * @description When anything of this status last changed.
                             */
                            updated: string;
                            version: string;
                        };
                    };
                };
                /** @description The request failed */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/problem+json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        AppStatus: {
            app: string;
            /** @description Written by a controller: the instance of a deployment that this app is. */
            assignment?: {
                /** @description What the app itself is told to be called. */
                app: string;
                /** @description Of the store that assigned it. */
                controller_id?: string;
                /** @description Name of its deployment. */
                deployment: string;
                deployment_id: string;
                /** @description Id of the one instance; the same as `app`. */
                instance_id: string;
                /** @description Version of the deployment. */
                spec_version: number;
            };
            crash_looping: boolean;
            /** @enum {unknown} */
            desired: "running" | "stopped" | "deleted";
            healthy: {
                /** @description Share of the instances that are healthy, in percent. */
                level: number;
                msg: string;
            };
            instances: components["schemas"]["InstanceStatus"][];
            labels: {
                [key: string]: string;
            };
            /** @enum {unknown} */
            phase: "pending" | "preparing" | "starting" | "running" | "unhealthy" | "stopping" | "stopped" | "exited" | "backoff" | "failed";
            reason?: string;
            /** @description Instances declared. */
            replicas: number;
            restarts: number;
            /** @description Name of the runtime that runs it, or would; empty while none does, and no loaded one would. */
            runtime: string;
            /** @enum {unknown} */
            status: "running" | "stopped" | "error" | "pending";
            update?: {
                /**
                 * Format: date-time
                 * @description When it came to this state.
                 */
                at: string;
                /** @description By which it failed; its log is kept until the next change. */
                failed_instance?: string;
                from_version: string;
                reason?: string;
                /** @enum {unknown} */
                state: "in_progress" | "done" | "failed";
                to_version: string;
            };
            /**
             * Format: date-time
             * @description When anything of this status last changed.
             */
            updated: string;
            version: string;
        };
        ControllerStatus: {
            /** @description Of the store whose list was last taken on. */
            controller_id?: string;
            /**
             * Format: date-time
             * @description When it last answered, by the agent's clock.
             */
            last_contact?: string;
            /** @description Apps that another store assigned; they are kept, and changed here, until this one lists them. */
            left: string[];
            /** @description Instances of which something is still to be told. */
            queued_statuses: number;
            /** @description Why it is not connected, or what is not in order. */
            reason?: string;
            /** @description Of the list that was last carried out since the start. */
            revision?: number;
            /** @enum {unknown} */
            state: "connecting" | "connected" | "refused";
            url: string;
            /**
             * @description Assigned apps that do not run wait until the controller is heard.
             * @enum {boolean}
             */
            waiting?: true;
        };
        ExitRecord: {
            /** @description 128 + n when signal n ended it; null when unknown. */
            code: number | null;
            /** @description What else is known; of a start that failed, why, and what to do about it. */
            detail?: string;
            /** @description null when nobody saw it. */
            ended_at: string | null;
            instance_id: string;
            /** @description End of the log at that moment, for `after`. */
            log_cursor: string | null;
            oom: boolean;
            /** @enum {unknown} */
            reason: "exit" | "signal" | "oom" | "stop_requested" | "start_failed" | "unknown";
            run: number;
            signal: string | null;
            started_at: string | null;
            version: string;
        };
        InstanceStatus: {
            container_id?: string;
            /** @description It died at least 5 times within 10 minutes; it is still retried. */
            crash_looping: boolean;
            health: {
                /** @description Share of the instances that are healthy, in percent. */
                level: number;
                msg: string;
            };
            instance_id: string;
            /**
             * Format: date-time
             * @description When the next start is due, in phase backoff.
             */
            next_start_at?: string;
            /** @enum {unknown} */
            phase: "pending" | "preparing" | "starting" | "running" | "unhealthy" | "stopping" | "stopped" | "exited" | "backoff" | "failed";
            pid?: number;
            pod?: string;
            /** @description Where its ports are on the host. */
            ports?: {
                container_port: number;
                host_port: number;
                /** @enum {unknown} */
                protocol: "tcp" | "udp";
            }[];
            /** @description Why it is in this phase, when that is not plain, and what to do about it. */
            reason?: string;
            /** @description How often it ended by itself and was started again. */
            restarts: number;
            /** @description Counts the starts of this instance. */
            run: number;
            /**
             * Format: date-time
             * @description When the present run started.
             */
            started_at?: string;
            version: string;
        };
        /** @description A problem document (RFC 9457) */
        Problem: {
            /** @description Stable, for programs, e.g. APP_NOT_FOUND */
            code: string;
            /** @description What is wrong, for people */
            detail: string;
            /** @description Every fault that was found */
            errors?: {
                allowed?: string[];
                column?: number;
                file?: string;
                /** @description What would have been right */
                hint?: string;
                line?: number;
                message: string;
                /** @description Place in the document, e.g. pkg.ports[0].host_port */
                path?: string;
            }[];
            /** @description What to do about it */
            remedy?: string;
            /** @description Finds this request in the log of the server */
            request_id: string;
            status: number;
            /** @description The text of the HTTP status */
            title: string;
            /** @description Always about:blank; `code` tells the kinds apart */
            type: string;
        };
        VersionRecord: {
            /** Format: date-time */
            applied_at: string;
            current: boolean;
            /** @description An update to it failed and was taken back; a rollback passes it over. */
            failed: boolean;
            revision: number;
            spec: {
                /** @description Lower-case letters, digits, '.', '_' and '-'; 1 to 63 characters; starts and ends with a letter or digit. */
                app: string;
                /** @description Written by a controller: the instance of a deployment that this app is. */
                assignment?: {
                    /** @description What the app itself is told to be called. */
                    app: string;
                    /** @description Of the store that assigned it. */
                    controller_id?: string;
                    /** @description Name of its deployment. */
                    deployment: string;
                    deployment_id: string;
                    /** @description Id of the one instance; the same as `app`. */
                    instance_id: string;
                    /** @description Version of the deployment. */
                    spec_version: number;
                };
                /** @description Running copies on this node. Default 1; `pkg.replicas` is accepted for it. */
                instances?: number;
                /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                labels?: {
                    [key: string]: string;
                };
                /** @description What to run; described by the runtime that serves `type`. */
                pkg: {
                    /** @description Picks the runtime: binary, script, artifact, docker … */
                    type: string;
                } & {
                    [key: string]: unknown;
                };
                probes?: ({
                    /** @description Kind of probe; a probe plugin serves it. */
                    type: string;
                } & {
                    [key: string]: unknown;
                })[];
                /** @description Default always. */
                restart?: ("always" | "on-failure" | "never") | {
                    /**
                     * @description Wait before the first restart; doubles with each further one. Default 0.5s.
                     * @example 500ms
                     * @example 10s
                     * @example 5m
                     */
                    delay?: string | number;
                    /**
                     * @description Longest wait between two restarts. Default 60s.
                     * @example 500ms
                     * @example 10s
                     * @example 5m
                     */
                    max_delay?: string | number;
                    /** @enum {unknown} */
                    policy?: "always" | "on-failure" | "never";
                };
                services?: {
                    /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                    labels?: {
                        [key: string]: string;
                    };
                    /** @description Lower-case letters, digits and '-'. */
                    name: string;
                    port: number;
                    /**
                     * @description Default http.
                     * @enum {unknown}
                     */
                    protocol?: "http" | "https" | "tcp" | "udp" | "grpc";
                    /** @description Letters, digits, '.', '_', '+' and '-'; 1 to 128 characters; starts and ends with a letter or digit. */
                    version?: string;
                }[];
                stop?: {
                    /** @description Seconds until what still runs is killed. Default 10. */
                    grace_seconds?: number;
                    /**
                     * @description Sent first. Default SIGTERM.
                     * @enum {unknown}
                     */
                    signal?: "SIGTERM" | "SIGINT" | "SIGQUIT" | "SIGHUP" | "SIGUSR1" | "SIGUSR2" | "SIGWINCH" | "SIGKILL";
                };
                /** @description Default recreate. */
                update?: ("recreate" | "rolling") | {
                    /**
                     * @description A new instance must be healthy within this. Default 60s.
                     * @example 500ms
                     * @example 10s
                     * @example 5m
                     */
                    healthy_within?: string | number;
                    /**
                     * @description Without probes, an instance is healthy when it has run this long. Default 2s.
                     * @example 500ms
                     * @example 10s
                     * @example 5m
                     */
                    min_running?: string | number;
                    /** @enum {unknown} */
                    strategy?: "recreate" | "rolling";
                };
                /** @description Letters, digits, '.', '_', '+' and '-'; 1 to 128 characters; starts and ends with a letter or digit. */
                version: string;
            };
            version: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
