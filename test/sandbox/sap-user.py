"""The program that users of SAP IoT write first: connect, ask for acknowledgements, send ten readings."""

import json
import ssl
import sys
import time

import paho.mqtt.client as mqtt

HOST, PORT, DEVICE, CA, CERT = sys.argv[1:6]

MEANING = {
    0: "connection accepted",
    1: "unacceptable protocol version",
    2: "identifier rejected",
    3: "server unavailable",
    4: "bad user name or password",
    5: "not authorized",
}

connected = None
subscribed = False
acknowledged = 0


def on_connect(client, userdata, flags, rc):
    global connected
    print("result code", rc, "=", MEANING[rc], flush=True)
    connected = rc
    if rc == 0:
        client.subscribe("ack/" + DEVICE)


def on_subscribe(client, userdata, mid, granted):
    global subscribed
    subscribed = True


def on_message(client, userdata, msg):
    global acknowledged
    for entry in json.loads(msg.payload.decode("utf-8")):
        acknowledged += 1
        print(msg.topic, entry["id"], entry["code"], flush=True)


def wait_for(condition, seconds=15):
    deadline = time.time() + seconds
    while not condition() and time.time() < deadline:
        time.sleep(0.01)


client = mqtt.Client(client_id=DEVICE)
client.on_connect = on_connect
client.on_subscribe = on_subscribe
client.on_message = on_message
client.tls_set(certfile=None if CERT == "-" else CERT, cert_reqs=ssl.CERT_REQUIRED, ca_certs=CA)
client.connect(HOST, int(PORT), 60)
client.loop_start()

wait_for(lambda: connected is not None)
if connected == 0:
    wait_for(lambda: subscribed)
    for number in range(10):
        reading = {
            "capabilityAlternateId": "climate",
            "sensorAlternateId": "sensor-1",
            "measureMessageId": str(number),
            "timestamp": int(time.time() * 1000),
            "measures": [[str(20 + number)]],
        }
        client.publish("measures/" + DEVICE, json.dumps(reading), qos=1)
    wait_for(lambda: acknowledged == 10)

client.loop_stop()
client.disconnect()
