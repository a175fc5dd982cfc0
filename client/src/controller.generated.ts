// Generated from the OpenAPI document by `npm run generate`. Do not edit.

export interface paths {
    "/api/v1/agents": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every agent that the controller calls */
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
                            agents: components["schemas"]["RegisteredAgent"][];
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
        /**
         * Register an agent that the controller calls
         * @description For agents that cannot dial in, and those of Boreas. Its node is Unknown until the agent has answered. Registering it again changes its URL, token and labels.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                        agent_id: string;
                        /** @description http(s)://host[:port][/path], without login, query or fragment. */
                        agent_url: string;
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description What the agent asks for: 1 to 4,096 visible ASCII characters. It is never shown. */
                        token?: string;
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
                            agent_id: string;
                            agent_url: string;
                            healthy: {
                                level: number;
                                msg: string;
                            };
                            last_seen: number;
                            /** @enum {unknown} */
                            status: "online" | "offline";
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
    "/api/v1/agents/{agent_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One of them */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    agent_id: string;
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
                            agent_id: string;
                            agent_url: string;
                            healthy: {
                                level: number;
                                msg: string;
                            };
                            last_seen: number;
                            /** @enum {unknown} */
                            status: "online" | "offline";
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
        /** Call an agent no longer, and forget its node */
        delete: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    agent_id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/artifacts/{file}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The archive itself
         * @description Ranges and conditions are understood; its ETag is its SHA-256. Needs the token, or a signature.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Signature of the file's name, in place of a token. */
                    sig?: string;
                };
                header?: never;
                path: {
                    file: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The archive */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The archive */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description Not changed */
                304: {
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
        /**
         * The archive itself
         * @description Ranges and conditions are understood; its ETag is its SHA-256. Needs the token, or a signature.
         */
        head: {
            parameters: {
                query?: {
                    /** @description Signature of the file's name, in place of a token. */
                    sig?: string;
                };
                header?: never;
                path: {
                    file: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description The archive */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description The archive */
                206: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/zip": string;
                    };
                };
                /** @description Not changed */
                304: {
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
        patch?: never;
        trace?: never;
    };
    "/v1/apps": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every artifact */
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
                        "application/json": components["schemas"]["Artifact"][];
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
    "/v1/apps/{artifactId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Delete an artifact that no deployment uses */
        delete: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    artifactId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/apps/upload": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Upload an archive
         * @description The same archive again is the same artifact. Another one with the same name and version is a new artifact, at a URL of its own.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "multipart/form-data": {
                        /** @description A zip archive with start.sh and meta.ini (name=, version=). */
                        file: string;
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
                            artifactId: string;
                            /** @description Unix seconds. */
                            createdAt: number;
                            name: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description The service= lines of its meta.ini. */
                            services: {
                                name: string;
                                port: number;
                                protocol: string;
                            }[];
                            sha256: string;
                            sizeBytes: number;
                            /** @enum {string} */
                            type: "zip";
                            /** @description Path on this controller. */
                            url: string;
                            /** @description Names of the deployments that use it. */
                            usedBy: string[];
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/assignments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Instances of a node or a deployment */
        get: {
            parameters: {
                query?: {
                    /** @description Id of the deployment, or its name. */
                    deploymentId?: string;
                    /** @description For agents: with the apply documents; the answer has an ETag that rises with `revision` alone. */
                    include?: "apply";
                    limit?: number;
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId?: string;
                };
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
                            controllerId: string;
                            items: components["schemas"]["AssignmentItem"][];
                            /** @description Of the node's list; rises with each change of what should run there. */
                            revision: number;
                        };
                    };
                };
                /** @description The list has the revision that If-None-Match names. */
                304: {
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
    "/v1/assignments/{instanceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One instance */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of an instance. */
                    instanceId: string;
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
                            /** @description With include=apply: the apply document, as the agent's /v1/apply takes it. */
                            apply?: unknown;
                            appName: string;
                            appVersion: string;
                            /** @description Empty for an entry with a spec. */
                            artifactUrl: string;
                            /** @description Name of the deployment. */
                            deployment: string;
                            deploymentId: string;
                            /** @enum {unknown} */
                            desired: "Running" | "Stopped";
                            /** @description The agent's own phase. */
                            detail?: string;
                            entry: string;
                            exitCode?: number;
                            healthy: boolean;
                            instanceId: string;
                            /** @description Unix seconds by the controller's clock; 0 before the first report. */
                            lastReportAt: number;
                            nodeId: string;
                            /** @description Running, Stopped, Exited, Failed or Pending; empty before the first report. */
                            phase: string;
                            reason?: string;
                            /** @description It is going: why. */
                            removing?: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            restarts?: number;
                            specVersion: number;
                            startCmd: string;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
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
        /**
         * Remove one instance for good
         * @description Its entry has one instance less from now on; else another would take its place.
         */
        delete: {
            parameters: {
                query?: {
                    /** @description Forget it without waiting for its node, e.g. when the node is gone for good. */
                    force?: boolean;
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of an instance. */
                    instanceId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        /** Start or stop one instance */
        patch: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of an instance. */
                    instanceId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @enum {unknown} */
                        desired: "Running" | "Stopped";
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
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
        trace?: never;
    };
    "/v1/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which changes were asked for, by whom, and what became of them */
        get: {
            parameters: {
                query?: {
                    /** @description The newest so many. Default 100. */
                    limit?: number;
                    object?: string;
                    /** @description Only of so long ago, e.g. 1h. */
                    since?: string | number;
                };
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
                            /** @description Newest first. */
                            records: components["schemas"]["AuditRecord"][];
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
    "/v1/deployments": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every deployment */
        get: {
            parameters: {
                query?: {
                    /** @description Also those that are being deleted. */
                    deleting?: boolean;
                };
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
                        "application/json": components["schemas"]["DeploymentSummary"][];
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
        /** Declare a deployment */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
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
                        /** @description /artifacts/… of this controller, or http(s)://… */
                        artifactUrl?: string;
                        entries?: {
                            /** @description /artifacts/… of this controller, or http(s)://… */
                            artifactUrl?: string;
                            /** @description Unique in the deployment. Default the name of its app. */
                            name?: string;
                            /** @description Where instances may go, and where they should. */
                            placement?: {
                                affinity?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    values: string[];
                                    /** @description Default 50. */
                                    weight?: number;
                                }[];
                                anti_affinity?: {
                                    /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                    deployments?: string[];
                                    /** @description Most instances of this entry on one node. Default no limit. */
                                    max_per_node?: number;
                                    /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                    spread_by?: string;
                                };
                                constraints?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    /**
                                     * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                     * @enum {unknown}
                                     */
                                    operator?: "in" | "not_in" | "exists" | "not_exists";
                                    values?: string[];
                                }[];
                                /** @description Name of the scheduler. Default the first that is loaded. */
                                scheduler?: string;
                                /**
                                 * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                                 * @enum {unknown}
                                 */
                                strategy?: "spread" | "binpack";
                            };
                            /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                            replicas?: number | {
                                [key: string]: number;
                            };
                            /** @description Of the artifact; required with a URL elsewhere. */
                            sha256?: string;
                            /** @description The agent's apply document, passed through. */
                            spec?: {
                                [key: string]: unknown;
                            };
                            /** @description Run by sh -c. Empty or blank: ./start.sh. */
                            startCmd?: string;
                        }[];
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description Where instances may go, and where they should. */
                        placement?: {
                            affinity?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                values: string[];
                                /** @description Default 50. */
                                weight?: number;
                            }[];
                            anti_affinity?: {
                                /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                deployments?: string[];
                                /** @description Most instances of this entry on one node. Default no limit. */
                                max_per_node?: number;
                                /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                spread_by?: string;
                            };
                            constraints?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                /**
                                 * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                 * @enum {unknown}
                                 */
                                operator?: "in" | "not_in" | "exists" | "not_exists";
                                values?: string[];
                            }[];
                            /** @description Name of the scheduler. Default the first that is loaded. */
                            scheduler?: string;
                            /**
                             * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                             * @enum {unknown}
                             */
                            strategy?: "spread" | "binpack";
                        };
                        /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                        replicas?: number | {
                            [key: string]: number;
                        };
                        /** @description Of the artifact; required with a URL elsewhere. */
                        sha256?: string;
                        /** @description The agent's apply document, passed through. */
                        spec?: {
                            [key: string]: unknown;
                        };
                        /** @description Run by sh -c. Empty or blank: ./start.sh. */
                        startCmd?: string;
                        update?: {
                            /** @description Whether a rollout that fails goes back by itself. Default true. */
                            auto_rollback?: boolean;
                            /**
                             * @description An instance must be healthy within this. Default 60s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            healthy_within?: string | number;
                            /** @description Most instances that are not yet healthy on the new version at any time. Default 1. */
                            max_parallel?: number;
                        };
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment, with its instances */
        get: {
            parameters: {
                query?: {
                    /** @description Environment names to show in clear, comma-separated. */
                    reveal?: string;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            assignments: components["schemas"]["AssignmentItem"][];
                            deployment: components["schemas"]["DeploymentSummary"] & {
                                entries: {
                                    app: string;
                                    appVersion: string;
                                    artifactUrl?: string;
                                    name: string;
                                    /** @description Where instances may go, and where they should. */
                                    placement?: {
                                        affinity?: {
                                            /** @description Name of a label of the node; `node.id` is the node's own id. */
                                            label: string;
                                            values: string[];
                                            /** @description Default 50. */
                                            weight?: number;
                                        }[];
                                        anti_affinity?: {
                                            /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                            deployments?: string[];
                                            /** @description Most instances of this entry on one node. Default no limit. */
                                            max_per_node?: number;
                                            /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                            spread_by?: string;
                                        };
                                        constraints?: {
                                            /** @description Name of a label of the node; `node.id` is the node's own id. */
                                            label: string;
                                            /**
                                             * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                             * @enum {unknown}
                                             */
                                            operator?: "in" | "not_in" | "exists" | "not_exists";
                                            values?: string[];
                                        }[];
                                        /** @description Name of the scheduler. Default the first that is loaded. */
                                        scheduler?: string;
                                        /**
                                         * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                                         * @enum {unknown}
                                         */
                                        strategy?: "spread" | "binpack";
                                    };
                                    /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                                    replicas: number | {
                                        [key: string]: number;
                                    };
                                    /** @description Values of its environment are hidden unless asked for by name. */
                                    spec?: unknown;
                                    startCmd?: string;
                                }[];
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
        /**
         * Make a deployment what the body says
         * @description What runs differently becomes a new version, and its rollout begins. The same again changes nothing, except that it starts a deployment that was stopped. `replicas` and `labels` that are left out stay as they are.
         */
        put: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description /artifacts/… of this controller, or http(s)://… */
                        artifactUrl?: string;
                        entries?: {
                            /** @description /artifacts/… of this controller, or http(s)://… */
                            artifactUrl?: string;
                            /** @description Unique in the deployment. Default the name of its app. */
                            name?: string;
                            /** @description Where instances may go, and where they should. */
                            placement?: {
                                affinity?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    values: string[];
                                    /** @description Default 50. */
                                    weight?: number;
                                }[];
                                anti_affinity?: {
                                    /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                    deployments?: string[];
                                    /** @description Most instances of this entry on one node. Default no limit. */
                                    max_per_node?: number;
                                    /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                    spread_by?: string;
                                };
                                constraints?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    /**
                                     * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                     * @enum {unknown}
                                     */
                                    operator?: "in" | "not_in" | "exists" | "not_exists";
                                    values?: string[];
                                }[];
                                /** @description Name of the scheduler. Default the first that is loaded. */
                                scheduler?: string;
                                /**
                                 * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                                 * @enum {unknown}
                                 */
                                strategy?: "spread" | "binpack";
                            };
                            /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                            replicas?: number | {
                                [key: string]: number;
                            };
                            /** @description Of the artifact; required with a URL elsewhere. */
                            sha256?: string;
                            /** @description The agent's apply document, passed through. */
                            spec?: {
                                [key: string]: unknown;
                            };
                            /** @description Run by sh -c. Empty or blank: ./start.sh. */
                            startCmd?: string;
                        }[];
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description Where instances may go, and where they should. */
                        placement?: {
                            affinity?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                values: string[];
                                /** @description Default 50. */
                                weight?: number;
                            }[];
                            anti_affinity?: {
                                /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                deployments?: string[];
                                /** @description Most instances of this entry on one node. Default no limit. */
                                max_per_node?: number;
                                /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                spread_by?: string;
                            };
                            constraints?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                /**
                                 * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                 * @enum {unknown}
                                 */
                                operator?: "in" | "not_in" | "exists" | "not_exists";
                                values?: string[];
                            }[];
                            /** @description Name of the scheduler. Default the first that is loaded. */
                            scheduler?: string;
                            /**
                             * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                             * @enum {unknown}
                             */
                            strategy?: "spread" | "binpack";
                        };
                        /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                        replicas?: number | {
                            [key: string]: number;
                        };
                        /** @description Of the artifact; required with a URL elsewhere. */
                        sha256?: string;
                        /** @description The agent's apply document, passed through. */
                        spec?: {
                            [key: string]: unknown;
                        };
                        /** @description Run by sh -c. Empty or blank: ./start.sh. */
                        startCmd?: string;
                        update?: {
                            /** @description Whether a rollout that fails goes back by itself. Default true. */
                            auto_rollback?: boolean;
                            /**
                             * @description An instance must be healthy within this. Default 60s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            healthy_within?: string | number;
                            /** @description Most instances that are not yet healthy on the new version at any time. Default 1. */
                            max_parallel?: number;
                        };
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
        /** Start or stop it, as Plum's newer clients ask */
        post: {
            parameters: {
                query: {
                    action: "start" | "stop";
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            deploymentId: string;
                            message: string;
                            /** @enum {unknown} */
                            status: "Running" | "Stopped";
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
        /** Stop and remove all its instances, and forget it */
        delete: {
            parameters: {
                query?: {
                    /** @description Forget at once the instances on nodes that cannot be reached, instead of waiting. */
                    force?: boolean;
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        /** Change its labels */
        patch: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description Only the name that it has. */
                        name?: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
        trace?: never;
    };
    "/v1/deployments/{id}/explain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Why its instances are where they are, or nowhere */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            deploymentId: string;
                            entries: {
                                /**
                                 * Format: date-time
                                 * @description When the scheduler last looked.
                                 */
                                at?: string;
                                entry: string;
                                /** @description Nodes that it looked at. */
                                evaluated: number;
                                instances: {
                                    cause: string;
                                    instanceId: string;
                                    nodeId: string;
                                    parts?: {
                                        [key: string]: number;
                                    };
                                    score?: number;
                                    text: string;
                                }[];
                                placed: number;
                                rejected: {
                                    filter: string;
                                    nodeId: string;
                                    reason: string;
                                }[];
                                /** @description Nodes that were rejected beside those in the list. */
                                rejectedMore: number;
                                scheduler?: string;
                                unplaced: number;
                                wanted: number;
                            }[];
                            name: string;
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
    "/v1/deployments/{id}/pause": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let its rollout go no further */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Let its rollout go on */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Go back to an earlier version */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Default the newest before the present one that has not failed. */
                        version?: number;
                    } | null;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/rollout": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Roll out what the body says, or again what the last rollout failed with */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": components["schemas"]["RolloutRequest"] | null;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/scale": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change how many instances there are */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        entries?: {
                            [key: string]: number | {
                                [key: string]: number;
                            };
                        };
                        /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                        replicas?: number | {
                            [key: string]: number;
                        };
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Run its instances */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
                    timeout?: string | number;
                    /** @description Answer only when every instance is so. */
                    wait?: "running" | "healthy";
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stop its instances, which keep their places */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/deployments/{id}/versions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The versions that it keeps, newest first */
        get: {
            parameters: {
                query?: {
                    /** @description Environment names to show in clear, comma-separated. */
                    reveal?: string;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            versions: {
                                /** Format: date-time */
                                createdAt: string;
                                current: boolean;
                                entries: {
                                    app: string;
                                    appVersion: string;
                                    artifactUrl?: string;
                                    name: string;
                                    /** @description Where instances may go, and where they should. */
                                    placement?: {
                                        affinity?: {
                                            /** @description Name of a label of the node; `node.id` is the node's own id. */
                                            label: string;
                                            values: string[];
                                            /** @description Default 50. */
                                            weight?: number;
                                        }[];
                                        anti_affinity?: {
                                            /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                            deployments?: string[];
                                            /** @description Most instances of this entry on one node. Default no limit. */
                                            max_per_node?: number;
                                            /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                            spread_by?: string;
                                        };
                                        constraints?: {
                                            /** @description Name of a label of the node; `node.id` is the node's own id. */
                                            label: string;
                                            /**
                                             * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                             * @enum {unknown}
                                             */
                                            operator?: "in" | "not_in" | "exists" | "not_exists";
                                            values?: string[];
                                        }[];
                                        /** @description Name of the scheduler. Default the first that is loaded. */
                                        scheduler?: string;
                                        /**
                                         * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                                         * @enum {unknown}
                                         */
                                        strategy?: "spread" | "binpack";
                                    };
                                    /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                                    replicas: number | {
                                        [key: string]: number;
                                    };
                                    /** @description Values of its environment are hidden unless asked for by name. */
                                    spec?: unknown;
                                    startCmd?: string;
                                }[];
                                failed: boolean;
                                version: number;
                            }[];
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
    "/v1/discovery": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a service answers */
        get: {
            parameters: {
                query?: {
                    /** @description Also those that are not healthy. */
                    all?: boolean;
                    limit?: number;
                    protocol?: string;
                    service?: string;
                    version?: string;
                };
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
                        "application/json": components["schemas"]["Endpoint"][];
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
         * What happens on the controller and its nodes
         * @description Server-sent events; `Last-Event-ID` resumes, also over a restart. An event `events.lost` says that some in between are no longer known. With `follow=false`: what is kept, as NDJSON, oldest first.
         */
        get: {
            parameters: {
                query?: {
                    /** @description Only of this deployment, by id or name. */
                    deployment?: string;
                    /** @description false: what is kept, and no more. Default true. */
                    follow?: boolean;
                    last_event_id?: string;
                    /** @description The newest so many. */
                    limit?: number;
                    node?: string;
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
                            artifactId?: string;
                            deployment?: string;
                            deploymentId?: string;
                            id: string;
                            instanceId?: string;
                            message?: string;
                            nodeId?: string;
                            plugin?: string;
                            /** Format: date-time */
                            time: string;
                            /** @description Dotted, past tense, e.g. node.unhealthy. */
                            type: string;
                        } & {
                            [key: string]: unknown;
                        };
                        "text/event-stream": {
                            artifactId?: string;
                            deployment?: string;
                            deploymentId?: string;
                            id: string;
                            instanceId?: string;
                            message?: string;
                            nodeId?: string;
                            plugin?: string;
                            /** Format: date-time */
                            time: string;
                            /** @description Dotted, past tense, e.g. node.unhealthy. */
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
        /** Whether the controller answers */
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
                            /** @description Of the controller's store. */
                            controllerId: string;
                            failover: {
                                /** @description Whether instances of lost nodes are placed anew. */
                                enabled: boolean;
                                reason?: string;
                                /** @description Nothing moves: too many nodes were lost at once. */
                                suspended: boolean;
                            };
                            /**
                             * @description Whoever reaches it can do anything.
                             * @enum {boolean}
                             */
                            insecure?: true;
                            /** @enum {string} */
                            service: "damson-controller";
                            /** @enum {string} */
                            status: "healthy";
                            /** @description Of Damson. */
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
    "/v1/instances/{instanceId}/statuses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was told of an instance */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of an instance. */
                    instanceId: string;
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
                            instanceId: string;
                            nodeId: string;
                            /** @description Newest first. */
                            statuses: {
                                crashLooping?: boolean;
                                detail?: string;
                                exitCode?: number;
                                healthy: boolean;
                                phase: string;
                                reason?: string;
                                receivedAt: number;
                                restarts?: number;
                                specVersion?: number;
                                tsUnix: number;
                            }[];
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
    "/v1/instances/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell how instances are
         * @description One report, as Plum's agents send it: 204. A batch of a node: 200, with those that are not its own.
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
                        exitCode?: number;
                        healthy?: boolean;
                        /** @description Id of an instance. */
                        instanceId: string;
                        /** @enum {unknown} */
                        phase: "Running" | "Stopped" | "Exited" | "Failed" | "Pending" | "Completed";
                        /** @description Unix seconds by the agent's clock. */
                        tsUnix?: number;
                    } | {
                        /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                        nodeId: string;
                        statuses: {
                            crashLooping?: boolean;
                            detail?: string;
                            exitCode?: number;
                            healthy?: boolean;
                            /** @description Id of an instance. */
                            instanceId: string;
                            /** @enum {unknown} */
                            phase: "Running" | "Stopped" | "Exited" | "Failed" | "Pending" | "Completed";
                            reason?: string;
                            restarts?: number;
                            /** @description Rises with each report of the node; older ones are dropped. */
                            seq: number;
                            specVersion?: number;
                            /** @description Unix seconds by the agent's clock. */
                            tsUnix?: number;
                        }[];
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
                            accepted: number;
                            /** @description Instances that are not assigned to this node. */
                            unknown: string[];
                        };
                    };
                };
                /** @description Done */
                204: {
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every node */
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
                        "application/json": components["schemas"]["Node"][];
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
    "/v1/nodes/{nodeId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One node */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
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
                            agentUrl?: string;
                            capacity: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            cordoned: boolean;
                            draining: boolean;
                            /** @enum {unknown} */
                            health: "Healthy" | "Unknown" | "Unhealthy";
                            /** Format: date-time */
                            healthSince: string;
                            /** @description Instances placed on it. */
                            instances: number;
                            ip: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description Unix seconds. */
                            lastSeen: number;
                            /** @enum {unknown} */
                            link: "stream" | "push";
                            nodeId: string;
                            reason?: string;
                            /** Format: date-time */
                            registeredAt: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            runtimes: {
                                name: string;
                                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                                packageTypes: {
                                    [key: string]: string;
                                };
                                reason?: string;
                                usable: boolean;
                                version?: string;
                            }[];
                            used: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            version?: string;
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
        /** Forget a node that nothing is placed on */
        delete: {
            parameters: {
                query?: {
                    /** @description Also a node that is not Healthy while instances are placed on it: they are lost, and placed anew. */
                    force?: boolean;
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/nodes/{nodeId}/cordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place nothing more on a node */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
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
                            agentUrl?: string;
                            capacity: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            cordoned: boolean;
                            draining: boolean;
                            /** @enum {unknown} */
                            health: "Healthy" | "Unknown" | "Unhealthy";
                            /** Format: date-time */
                            healthSince: string;
                            /** @description Instances placed on it. */
                            instances: number;
                            ip: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description Unix seconds. */
                            lastSeen: number;
                            /** @enum {unknown} */
                            link: "stream" | "push";
                            nodeId: string;
                            reason?: string;
                            /** Format: date-time */
                            registeredAt: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            runtimes: {
                                name: string;
                                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                                packageTypes: {
                                    [key: string]: string;
                                };
                                reason?: string;
                                usable: boolean;
                                version?: string;
                            }[];
                            used: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            version?: string;
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
    "/v1/nodes/{nodeId}/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Cordon a node, and move its instances away */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description Most instances that move at once. Default 5. */
                        maxParallel?: number;
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
                            agentUrl?: string;
                            capacity: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            cordoned: boolean;
                            draining: boolean;
                            /** @enum {unknown} */
                            health: "Healthy" | "Unknown" | "Unhealthy";
                            /** Format: date-time */
                            healthSince: string;
                            /** @description Instances placed on it. */
                            instances: number;
                            ip: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description Unix seconds. */
                            lastSeen: number;
                            /** @enum {unknown} */
                            link: "stream" | "push";
                            nodeId: string;
                            reason?: string;
                            /** Format: date-time */
                            registeredAt: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            runtimes: {
                                name: string;
                                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                                packageTypes: {
                                    [key: string]: string;
                                };
                                reason?: string;
                                usable: boolean;
                                version?: string;
                            }[];
                            used: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            version?: string;
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
    "/v1/nodes/{nodeId}/failback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Bring instances back that were moved away from a node
         * @description Each leaves the place where it is once it is healthy on the node.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
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
                            /** @description Instances that are on their way back. */
                            moved: number;
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
    "/v1/nodes/{nodeId}/uncordon": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Place on a node again; a drain ends */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
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
                            agentUrl?: string;
                            capacity: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            cordoned: boolean;
                            draining: boolean;
                            /** @enum {unknown} */
                            health: "Healthy" | "Unknown" | "Unhealthy";
                            /** Format: date-time */
                            healthSince: string;
                            /** @description Instances placed on it. */
                            instances: number;
                            ip: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description Unix seconds. */
                            lastSeen: number;
                            /** @enum {unknown} */
                            link: "stream" | "push";
                            nodeId: string;
                            reason?: string;
                            /** Format: date-time */
                            registeredAt: string;
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            runtimes: {
                                name: string;
                                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                                packageTypes: {
                                    [key: string]: string;
                                };
                                reason?: string;
                                usable: boolean;
                                version?: string;
                            }[];
                            used: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            version?: string;
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
    "/v1/nodes/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell of a node: it is there, and what it can */
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
                        agent?: {
                            capacity?: {
                                /** @description Cores. */
                                cpu?: number;
                                /** @description Bytes. */
                                memory?: number;
                            };
                            /** @description Id that the agent made for itself at its first start. */
                            owner: string;
                            runtimes?: {
                                name: string;
                                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                                packageTypes: {
                                    [key: string]: string;
                                };
                                reason?: string;
                                usable: boolean;
                                version?: string;
                            }[];
                            /** @description Schemas that the controller asked for. */
                            schemas?: {
                                [key: string]: unknown;
                            };
                            /** @description The newest list of assignments that it has brought about, and all instances that it still has: what is not among them is gone. */
                            seen?: {
                                controllerId: string;
                                instances: string[];
                                revision: number;
                            };
                            /** @description Where its own API answers. */
                            url?: string;
                            version?: string;
                        };
                        ip?: string;
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                        nodeId: string;
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
                            /** @description Of the controller's store: revisions of another one mean nothing. */
                            controllerId: string;
                            /**
                             * @description The controller knows the node no more: tell all facts with the next heartbeat.
                             * @enum {boolean}
                             */
                            factsWanted?: true;
                            /** @description Of the node's list of assignments: another than the last one means: fetch. */
                            revision: number;
                            /** @description Schemas to send with the next heartbeat. */
                            schemasWanted: string[];
                            /** @description Without a message for this long, the node is Unknown. */
                            ttlSec: number;
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
    "/v1/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One place where a service answers
         * @description Of those that are healthy. 404 while there is none.
         */
        get: {
            parameters: {
                query: {
                    /** @description The same key gets the same endpoint while it is there. */
                    hashKey?: string;
                    protocol?: string;
                    service: string;
                    /** @description How one of several is chosen. Default random. */
                    strategy?: "random" | "round_robin";
                    version?: string;
                };
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
                            healthy: boolean;
                            instanceId: string;
                            ip: string;
                            labels: {
                                [key: string]: string;
                            };
                            /** @description Unix seconds. */
                            lastSeen: number;
                            nodeId: string;
                            port: number;
                            protocol: string;
                            serviceName: string;
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
    "/v1/services": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Forget where an instance answers */
        delete: {
            parameters: {
                query: {
                    /** @description Id of an instance. */
                    instanceId: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/heartbeat": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Tell that an instance still answers */
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
                        health?: {
                            healthy: boolean;
                            ip?: string;
                            port?: number;
                            protocol?: string;
                            serviceName: string;
                        }[];
                        /** @description Id of an instance. */
                        instanceId: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/services/list": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Names of all services */
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
                        "application/json": string[];
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
    "/v1/services/register": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Tell where an instance answers
         * @description An instance of a deployment can register only from the node and while it is to run there.
         */
        post: {
            parameters: {
                query?: {
                    /** @description Accepted; an instance's endpoints are always replaced. */
                    replace?: boolean;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        endpoints: {
                            /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                            labels?: {
                                [key: string]: string;
                            };
                            port: number;
                            /** @description Default http. */
                            protocol?: string;
                            serviceName: string;
                            version?: string;
                        }[];
                        /** @description Id of an instance. */
                        instanceId: string;
                        ip: string;
                        /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                        nodeId: string;
                    };
                };
            };
            responses: {
                /** @description Done */
                204: {
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
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/stream": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Server-sent events that tell a node to fetch its assignments
         * @description First `ping` with `init`, then `update` with `assignments` whenever the node's list has changed. The id is that of the list: with `Last-Event-ID`, what has changed meanwhile is told at once.
         */
        get: {
            parameters: {
                query: {
                    last_event_id?: string;
                    /** @description Letters, digits, '.', '_' and '-'; 1 to 63 characters. */
                    nodeId: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Server-sent events */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": unknown;
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
    "/v1/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every deployment */
        get: {
            parameters: {
                query?: {
                    /** @description Also those that are being deleted. */
                    deleting?: boolean;
                };
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
                        "application/json": components["schemas"]["DeploymentSummary"][];
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
        /** Declare a deployment, by Plum's name for it */
        post: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                    /** @description Longest wait. Default 60s. */
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
                        /** @description /artifacts/… of this controller, or http(s)://… */
                        artifactUrl?: string;
                        entries?: {
                            /** @description /artifacts/… of this controller, or http(s)://… */
                            artifactUrl?: string;
                            /** @description Unique in the deployment. Default the name of its app. */
                            name?: string;
                            /** @description Where instances may go, and where they should. */
                            placement?: {
                                affinity?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    values: string[];
                                    /** @description Default 50. */
                                    weight?: number;
                                }[];
                                anti_affinity?: {
                                    /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                    deployments?: string[];
                                    /** @description Most instances of this entry on one node. Default no limit. */
                                    max_per_node?: number;
                                    /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                    spread_by?: string;
                                };
                                constraints?: {
                                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                                    label: string;
                                    /**
                                     * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                     * @enum {unknown}
                                     */
                                    operator?: "in" | "not_in" | "exists" | "not_exists";
                                    values?: string[];
                                }[];
                                /** @description Name of the scheduler. Default the first that is loaded. */
                                scheduler?: string;
                                /**
                                 * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                                 * @enum {unknown}
                                 */
                                strategy?: "spread" | "binpack";
                            };
                            /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                            replicas?: number | {
                                [key: string]: number;
                            };
                            /** @description Of the artifact; required with a URL elsewhere. */
                            sha256?: string;
                            /** @description The agent's apply document, passed through. */
                            spec?: {
                                [key: string]: unknown;
                            };
                            /** @description Run by sh -c. Empty or blank: ./start.sh. */
                            startCmd?: string;
                        }[];
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        name: string;
                        /** @description Where instances may go, and where they should. */
                        placement?: {
                            affinity?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                values: string[];
                                /** @description Default 50. */
                                weight?: number;
                            }[];
                            anti_affinity?: {
                                /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                                deployments?: string[];
                                /** @description Most instances of this entry on one node. Default no limit. */
                                max_per_node?: number;
                                /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                                spread_by?: string;
                            };
                            constraints?: {
                                /** @description Name of a label of the node; `node.id` is the node's own id. */
                                label: string;
                                /**
                                 * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                                 * @enum {unknown}
                                 */
                                operator?: "in" | "not_in" | "exists" | "not_exists";
                                values?: string[];
                            }[];
                            /** @description Name of the scheduler. Default the first that is loaded. */
                            scheduler?: string;
                            /**
                             * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                             * @enum {unknown}
                             */
                            strategy?: "spread" | "binpack";
                        };
                        /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                        replicas?: number | {
                            [key: string]: number;
                        };
                        /** @description Of the artifact; required with a URL elsewhere. */
                        sha256?: string;
                        /** @description The agent's apply document, passed through. */
                        spec?: {
                            [key: string]: unknown;
                        };
                        /** @description Run by sh -c. Empty or blank: ./start.sh. */
                        startCmd?: string;
                        update?: {
                            /** @description Whether a rollout that fails goes back by itself. Default true. */
                            auto_rollback?: boolean;
                            /**
                             * @description An instance must be healthy within this. Default 60s.
                             * @example 500ms
                             * @example 10s
                             * @example 5m
                             */
                            healthy_within?: string | number;
                            /** @description Most instances that are not yet healthy on the new version at any time. Default 1. */
                            max_parallel?: number;
                        };
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
    "/v1/tasks/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One deployment with its instances, in Plum's own case */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
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
                            assignments: {
                                ArtifactURL: string;
                                Desired: string;
                                InstanceID: string;
                                NodeID: string;
                                StartCmd: string;
                                TaskID: string;
                            }[];
                            task: {
                                Labels: {
                                    [key: string]: string;
                                };
                                Name: string;
                                TaskID: string;
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
        put?: never;
        post?: never;
        /** Stop and remove all its instances, and forget it */
        delete: {
            parameters: {
                query?: {
                    /** @description Forget at once the instances on nodes that cannot be reached, instead of waiting. */
                    force?: boolean;
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description Done */
                204: {
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
        options?: never;
        head?: never;
        /** Change its labels; its id stays */
        patch: {
            parameters: {
                query?: {
                    /** @description Idempotency key: the same change again within 24 hours gets the first answer, and does nothing. */
                    operation_id?: string;
                    /** @description The change is made only if the object still has this version. */
                    resource_version?: number;
                };
                header?: never;
                path: {
                    /** @description Id of the deployment, or its name. */
                    id: string;
                };
                cookie?: never;
            };
            requestBody: {
                content: {
                    "application/json": {
                        /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
                        labels?: {
                            [key: string]: string;
                        };
                        /** @description Only the name that it has. */
                        name?: string;
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
                            /** @description false: it was already so. */
                            changed: boolean;
                            deploymentId: string;
                            /** @description Ids of its instances. */
                            instances: string[];
                            /** @description Rises with each change of the object. */
                            resourceVersion: number;
                            /** @description Plum's name for deploymentId. */
                            taskId: string;
                            version: number;
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
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        Artifact: {
            artifactId: string;
            /** @description Unix seconds. */
            createdAt: number;
            name: string;
            /** @description Rises with each change of the object. */
            resourceVersion: number;
            /** @description The service= lines of its meta.ini. */
            services: {
                name: string;
                port: number;
                protocol: string;
            }[];
            sha256: string;
            sizeBytes: number;
            /** @enum {string} */
            type: "zip";
            /** @description Path on this controller. */
            url: string;
            /** @description Names of the deployments that use it. */
            usedBy: string[];
            version: string;
        };
        AssignmentItem: {
            /** @description With include=apply: the apply document, as the agent's /v1/apply takes it. */
            apply?: unknown;
            appName: string;
            appVersion: string;
            /** @description Empty for an entry with a spec. */
            artifactUrl: string;
            /** @description Name of the deployment. */
            deployment: string;
            deploymentId: string;
            /** @enum {unknown} */
            desired: "Running" | "Stopped";
            /** @description The agent's own phase. */
            detail?: string;
            entry: string;
            exitCode?: number;
            healthy: boolean;
            instanceId: string;
            /** @description Unix seconds by the controller's clock; 0 before the first report. */
            lastReportAt: number;
            nodeId: string;
            /** @description Running, Stopped, Exited, Failed or Pending; empty before the first report. */
            phase: string;
            reason?: string;
            /** @description It is going: why. */
            removing?: string;
            /** @description Rises with each change of the object. */
            resourceVersion: number;
            restarts?: number;
            specVersion: number;
            startCmd: string;
            /** @description Plum's name for deploymentId. */
            taskId: string;
        };
        AuditRecord: {
            /** @description token, or anonymous; and the address it came from. */
            actor: string;
            /** @description Of the error. */
            code?: string;
            id: string;
            message?: string;
            method: string;
            object?: string;
            operationId?: string;
            /** @enum {unknown} */
            outcome: "done" | "unchanged" | "repeated" | "refused" | "failed";
            path: string;
            requestId: string;
            /** @description Of the answer. */
            status: number;
            /** Format: date-time */
            time: string;
        };
        DeploymentSummary: {
            /** Format: date-time */
            createdAt: string;
            /**
             * @description It goes as soon as its last instance has gone.
             * @enum {boolean}
             */
            deleting?: true;
            deploymentId: string;
            /** @description Instances that have failed, or crash again and again. */
            failing: number;
            healthy: number;
            /** @description Instances that have a place. */
            instances: number;
            labels: {
                [key: string]: string;
            };
            name: string;
            paused: boolean;
            /** @description Rises with each change of the object. */
            resourceVersion: number;
            rollout: {
                /** Format: date-time */
                at: string;
                from: number;
                reason?: string;
                /** Format: date-time */
                startedAt: string;
                /** @enum {unknown} */
                state: "in_progress" | "rolling_back" | "done" | "failed" | "rolled_back";
                to: number;
            };
            /** @enum {unknown} */
            status: "Running" | "Stopped";
            taskId: string;
            /** @description Instances for which there is no node. */
            unplaced: number;
            /** @description Instances that run the present version. */
            updated: number;
            /** Format: date-time */
            updatedAt: string;
            version: number;
            /** @description Instances that there should be. */
            wanted: number;
        };
        Endpoint: {
            healthy: boolean;
            instanceId: string;
            ip: string;
            labels: {
                [key: string]: string;
            };
            /** @description Unix seconds. */
            lastSeen: number;
            nodeId: string;
            port: number;
            protocol: string;
            serviceName: string;
            version: string;
        };
        Node: {
            agentUrl?: string;
            capacity: {
                /** @description Cores. */
                cpu?: number;
                /** @description Bytes. */
                memory?: number;
            };
            cordoned: boolean;
            draining: boolean;
            /** @enum {unknown} */
            health: "Healthy" | "Unknown" | "Unhealthy";
            /** Format: date-time */
            healthSince: string;
            /** @description Instances placed on it. */
            instances: number;
            ip: string;
            labels: {
                [key: string]: string;
            };
            /** @description Unix seconds. */
            lastSeen: number;
            /** @enum {unknown} */
            link: "stream" | "push";
            nodeId: string;
            reason?: string;
            /** Format: date-time */
            registeredAt: string;
            /** @description Rises with each change of the object. */
            resourceVersion: number;
            runtimes: {
                name: string;
                /** @description SHA-256 of the JSON Schema of each package type that it serves. */
                packageTypes: {
                    [key: string]: string;
                };
                reason?: string;
                usable: boolean;
                version?: string;
            }[];
            used: {
                /** @description Cores. */
                cpu?: number;
                /** @description Bytes. */
                memory?: number;
            };
            version?: string;
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
        RegisteredAgent: {
            agent_id: string;
            agent_url: string;
            healthy: {
                level: number;
                msg: string;
            };
            last_seen: number;
            /** @enum {unknown} */
            status: "online" | "offline";
        };
        RolloutRequest: {
            /** @description /artifacts/… of this controller, or http(s)://… */
            artifactUrl?: string;
            entries?: {
                /** @description /artifacts/… of this controller, or http(s)://… */
                artifactUrl?: string;
                /** @description Unique in the deployment. Default the name of its app. */
                name?: string;
                /** @description Where instances may go, and where they should. */
                placement?: {
                    affinity?: {
                        /** @description Name of a label of the node; `node.id` is the node's own id. */
                        label: string;
                        values: string[];
                        /** @description Default 50. */
                        weight?: number;
                    }[];
                    anti_affinity?: {
                        /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                        deployments?: string[];
                        /** @description Most instances of this entry on one node. Default no limit. */
                        max_per_node?: number;
                        /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                        spread_by?: string;
                    };
                    constraints?: {
                        /** @description Name of a label of the node; `node.id` is the node's own id. */
                        label: string;
                        /**
                         * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                         * @enum {unknown}
                         */
                        operator?: "in" | "not_in" | "exists" | "not_exists";
                        values?: string[];
                    }[];
                    /** @description Name of the scheduler. Default the first that is loaded. */
                    scheduler?: string;
                    /**
                     * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                     * @enum {unknown}
                     */
                    strategy?: "spread" | "binpack";
                };
                /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
                replicas?: number | {
                    [key: string]: number;
                };
                /** @description Of the artifact; required with a URL elsewhere. */
                sha256?: string;
                /** @description The agent's apply document, passed through. */
                spec?: {
                    [key: string]: unknown;
                };
                /** @description Run by sh -c. Empty or blank: ./start.sh. */
                startCmd?: string;
            }[];
            /** @description At most 64; names of 1 to 128 characters, values of at most 1,024. */
            labels?: {
                [key: string]: string;
            };
            name?: string;
            /** @description Where instances may go, and where they should. */
            placement?: {
                affinity?: {
                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                    label: string;
                    values: string[];
                    /** @description Default 50. */
                    weight?: number;
                }[];
                anti_affinity?: {
                    /** @description Names of deployments: no node that has an instance of one of them. One that names itself gets one instance on a node. */
                    deployments?: string[];
                    /** @description Most instances of this entry on one node. Default no limit. */
                    max_per_node?: number;
                    /** @description Label by whose values they are spread first, e.g. zone. Nodes without it come last. */
                    spread_by?: string;
                };
                constraints?: {
                    /** @description Name of a label of the node; `node.id` is the node's own id. */
                    label: string;
                    /**
                     * @description How its value is compared; in and not_in need values. Default in. A node without the label is `not_in` and `not_exists`.
                     * @enum {unknown}
                     */
                    operator?: "in" | "not_in" | "exists" | "not_exists";
                    values?: string[];
                }[];
                /** @description Name of the scheduler. Default the first that is loaded. */
                scheduler?: string;
                /**
                 * @description spread: as evenly over the nodes as can be; binpack: as few nodes as can be. Default spread.
                 * @enum {unknown}
                 */
                strategy?: "spread" | "binpack";
            };
            /** @description How many instances, which the scheduler places; or how many on which node. Default 1. */
            replicas?: number | {
                [key: string]: number;
            };
            /** @description Of the artifact; required with a URL elsewhere. */
            sha256?: string;
            /** @description The agent's apply document, passed through. */
            spec?: {
                [key: string]: unknown;
            };
            /** @description Run by sh -c. Empty or blank: ./start.sh. */
            startCmd?: string;
            update?: {
                /** @description Whether a rollout that fails goes back by itself. Default true. */
                auto_rollback?: boolean;
                /**
                 * @description An instance must be healthy within this. Default 60s.
                 * @example 500ms
                 * @example 10s
                 * @example 5m
                 */
                healthy_within?: string | number;
                /** @description Most instances that are not yet healthy on the new version at any time. Default 1. */
                max_parallel?: number;
            };
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
