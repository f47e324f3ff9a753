// A receiver of webhooks that runs in the process of the tests, and checks what the documentation tells receivers to check.

import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";

export class Receiver {
  /** What was taken, each once: the notice, and whether its signature is right. */
  notices = [];
  secret = "a secret of the journeys";

  static async start() {
    const receiver = new Receiver();
    receiver.server = createServer((request, response) => receiver.take(request, response));
    receiver.server.listen(0, "127.0.0.1");
    await once(receiver.server, "listening");
    receiver.url = `http://127.0.0.1:${receiver.server.address().port}/alerts`;
    return receiver;
  }

  async take(request, response) {
    let body = "";
    for await (const part of request) body += part;
    const stamp = request.headers["pointsman-timestamp"];
    const right = `v1=${createHmac("sha256", this.secret).update(`${stamp}.${body}`).digest("hex")}`;
    const key = request.headers["idempotency-key"];
    if (!this.notices.some((notice) => notice.key === key)) {
      this.notices.push({ key, signed: request.headers["pointsman-signature"] === right, ...JSON.parse(body) });
    }
    response.end();
  }

  /** The notice that an alert of this objective began. */
  firing(objective) {
    return this.notices.find((notice) => notice.event === "firing" && notice.alert.objective === objective);
  }

  async stop() {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
