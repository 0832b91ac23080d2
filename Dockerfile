# Lapel on any machine: docker build -t lapel . && docker run -p 7860:7860 -v lapel:/home/lapel/.lapel lapel
FROM python:3.12-slim
RUN apt-get update && apt-get install --yes --no-install-recommends g++ && rm -rf /var/lib/apt/lists/*
RUN useradd --create-home lapel
USER lapel
WORKDIR /home/lapel/app
ENV PATH=/home/lapel/.local/bin:$PATH GRADIO_SERVER_NAME=0.0.0.0
COPY --chown=lapel requirements.txt constraints.txt ./
RUN pip install --no-cache-dir --constraint constraints.txt --requirement requirements.txt
COPY --chown=lapel . .
RUN mkdir -p /home/lapel/.lapel
VOLUME /home/lapel/.lapel
EXPOSE 7860
CMD ["python", "app.py"]
