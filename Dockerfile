# The site (WASM) and the server are built in one stage, and the one file that comes of it runs in a slim image, not as root.
#
#   docker build --tag pointsman .
#   docker run --publish 3000:3000 --publish 4317:4317 --publish 4318:4318 --env DATABASE_URL=... pointsman

FROM node:20-bookworm-slim AS node

FROM rust:1-bookworm AS build
# wasm-opt comes as an npm package.
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules/npm /usr/local/lib/node_modules/npm
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
    && rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
# The caches are not part of the image, so the program has to be copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo xtask build \
    && cp target/release/pointsman /usr/local/bin/pointsman

FROM debian:bookworm-slim
# For identity providers, and databases that ask for TLS.
RUN apt-get update && apt-get install --yes --no-install-recommends ca-certificates && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin pointsman
COPY --from=build /usr/local/bin/pointsman /usr/local/bin/pointsman
USER 10001
ENV POINTSMAN_HTTP_ADDR=0.0.0.0:3000 \
    POINTSMAN_OTLP_GRPC_ADDR=0.0.0.0:4317 \
    POINTSMAN_OTLP_HTTP_ADDR=0.0.0.0:4318
EXPOSE 3000 4317 4318
# It reads the same variables as the server; what is given as flags it can't know.
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s CMD ["pointsman", "healthcheck"]
# SIGTERM, which `docker stop` sends, is a graceful stop: it answers what it accepted.
STOPSIGNAL SIGTERM
ENTRYPOINT ["pointsman"]
CMD ["serve"]
