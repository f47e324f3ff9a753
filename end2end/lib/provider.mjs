// An identity provider that runs in the process of the tests: the certified `oidc-provider`, with accounts and a sign-in page of
// ours, which every such provider has of its own.

import { generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const CLIENT = { client_id: "pointsman", client_secret: "only-for-this-run-0123456789abcdef" };

/** A key to sign with; each has an id of its own. */
function key() {
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  return { ...privateKey.export({ format: "jwk" }), kid: randomUUID(), use: "sig", alg: "RS256" };
}

const page = (title, body) =>
  `<!DOCTYPE html><html lang="en"><head><title>${title}</title><link rel="icon" href="data:,"></head><body><h1>${title}</h1>${body}</body></html>`;

/** The provider at a free port, under a name that is not the console's host, as it would be. */
export class IdentityProvider {
  /** Groups by account; a journey may change them. */
  groups = {};
  /** How long an answer with tokens is held back, in milliseconds. */
  holdTokens = 0;
  /** How long an ID token is good, in seconds. */
  lifetime = 600;

  static async start() {
    const provider = new IdentityProvider();
    provider.server = createServer((request, response) => provider.answer(request, response).catch((error) => response.destroy(error)));
    provider.server.listen(0, "localhost");
    await once(provider.server, "listening");
    provider.issuer = `http://localhost:${provider.server.address().port}`;
    provider.client = CLIENT;
    return provider;
  }

  /** Where the console is; before anybody signs in. */
  serves(url) {
    this.console = url;
    this.rotateKeys();
  }

  /** Signs by a new key from now on; the old one is no longer published. */
  rotateKeys() {
    this.provider = new Provider(this.issuer, {
      clients: [{ ...CLIENT, redirect_uris: [`${this.console}/sign-in/oidc/callback`], post_logout_redirect_uris: [`${this.console}/sign-in`] }],
      jwks: { keys: [key()] },
      claims: { openid: ["sub"], profile: ["name", "preferred_username"], email: ["email"], groups: ["groups"] },
      scopes: ["openid", "profile", "email", "groups"],
      cookies: { keys: ["only for this run"] },
      ttl: { IdToken: () => this.lifetime, AccessToken: 600, AuthorizationCode: 60, Grant: 600, Interaction: 600, Session: 600 },
      features: {
        devInteractions: { enabled: false },
        rpInitiatedLogout: {
          enabled: true,
          logoutSource: (context, form) => {
            context.body = page("Sign out of the provider?", `${form}<button type="submit" form="op.logoutForm" value="yes" name="logout">Yes</button>`);
          },
        },
      },
      interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
      findAccount: (_context, id) => ({
        accountId: id,
        claims: () => ({ sub: id, name: `${id} of the provider`, preferred_username: id, email: `${id}@example.org`, groups: this.groups[id] ?? [] }),
      }),
      // The console is the company's own: nobody is asked whether it may know.
      loadExistingGrant: async (context) => {
        const { client, session, provider } = context.oidc;
        const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
        grant.addOIDCScope("openid profile email groups");
        await grant.save();
        return grant;
      },
      renderError: (context, out) => {
        context.type = "html";
        context.body = page("The provider refuses", `<pre>${JSON.stringify(out)}</pre>`);
      },
    });
    this.callback = this.provider.callback();
  }

  async answer(request, response) {
    if (request.url.startsWith("/interaction/")) return this.interaction(request, response);
    if (request.url === "/token" && this.holdTokens > 0) {
      const end = response.end.bind(response);
      response.end = (...all) => {
        setTimeout(() => end(...all), this.holdTokens);
        return response;
      };
    }
    await this.callback(request, response);
  }

  /** Whoever says who they are is believed. */
  async interaction(request, response) {
    if (request.method === "GET") {
      response.setHeader("content-type", "text/html");
      response.end(page("Sign in at the provider", '<form method="post"><label>Account <input name="account"></label><button>Go on</button></form>'));
      return;
    }
    let body = "";
    for await (const part of request) body += part;
    const accountId = new URLSearchParams(body).get("account");
    await this.provider.interactionFinished(request, response, { login: { accountId } });
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
