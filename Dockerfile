FROM node:24-slim
ENV NODE_ENV=production
WORKDIR /desk
COPY package.json package-lock.json ./
# The optional packages bring a Node and a Postgres for machines that have none.
RUN npm ci --omit=dev --omit=optional --ignore-scripts
COPY . .
USER node
# The role follows: release, discord, slack, worker or web; all of them without one.
ENTRYPOINT ["node", "src/main.ts"]
