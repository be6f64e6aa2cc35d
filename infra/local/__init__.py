"""The local stack: real Kafka, Redis, SQL, worker and API as child processes of one supervisor.

No Docker, no Java, no account: the jars come by Maven coordinate and are checked against a lock, Java comes in a wheel,
and so does Redis. Everything listens on 127.0.0.1 only and dies with the supervisor.
"""
