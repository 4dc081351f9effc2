# rdpwhy as an image of one program:
#   docker build -t rdpwhy .
#   docker run --rm --network none --read-only --tmpfs /tmp -v "$PWD/case:/case:ro" rdpwhy /case
#   docker run --rm --network none -v "$PWD/tickets:/tickets:ro" -v "$PWD/results:/results" rdpwhy batch /tickets -o /results/march
# Not built by the tests, which have no Docker.

FROM rust:1.95-bookworm AS build
WORKDIR /rdpwhy
COPY . .
RUN cargo build --release --locked --package rdpwhy

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /rdpwhy/target/release/rdpwhy /usr/local/bin/rdpwhy
ENTRYPOINT ["/usr/local/bin/rdpwhy"]
