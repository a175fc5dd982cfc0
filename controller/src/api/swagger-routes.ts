import { openApiOf, type Routes } from "@damson/core/http";
import swaggerUi from "@fastify/swagger-ui";

/** Everything that the page needs comes from the controller, and nothing of it is written into the page. */
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** A page for people who try out the API, and the document that it shows. Both need no token; what they call does. */
export function swaggerRoutes(): Routes {
  return async (app) => {
    app.addHook("onRoute", (route) => {
      route.config = { ...route.config, open: true };
    });
    app.addHook("onSend", async (_request, reply) => {
      void reply.header("x-content-type-options", "nosniff").header("referrer-policy", "no-referrer");
    });
    app.get("/swagger/openapi.json", { schema: { hide: true } }, async () => openApiOf(app));
    await app.register(swaggerUi, {
      routePrefix: "/swagger",
      staticCSP: CONTENT_SECURITY_POLICY,
      theme: { title: "Damson controller" },
      // Without the bar on which documents of other places could be loaded.
      uiConfig: { layout: "BaseLayout", docExpansion: "list" },
    });
  };
}
