# One image for every role: its command picks it (run, serve, work).
FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/feedservice
COPY requirements.lock /src/
RUN /opt/feedservice/bin/pip install --no-deps --require-hashes -r /src/requirements.lock
COPY pyproject.toml README.md LICENSE NOTICE /src/
COPY feedservice /src/feedservice
RUN /opt/feedservice/bin/pip install --no-deps --no-build-isolation /src

FROM python:3.11-slim-bookworm
COPY --from=build /opt/feedservice /opt/feedservice
COPY config.yaml config.schema.json /etc/feedservice/
COPY examples /etc/feedservice/examples
RUN mkdir -p /var/lib/feedservice && chown 65534:65534 /var/lib/feedservice
ENV PATH=/opt/feedservice/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    FEEDSERVICE_CONFIG=/etc/feedservice/config.yaml \
    FEEDSERVICE_STORE_URL=sqlite:////var/lib/feedservice/feedservice.db \
    FEEDSERVICE_HOST=0.0.0.0
USER 65534:65534
VOLUME /var/lib/feedservice
EXPOSE 8000
HEALTHCHECK --interval=60s --timeout=5s --start-period=30s CMD ["feedservice", "health"]
ENTRYPOINT ["feedservice"]
CMD ["run"]
