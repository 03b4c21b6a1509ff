/** What RabbitMQ is started with. */
export interface StartSettings {
  /** MiB of memory of the task. */
  memory: number;
}

/**
 * Shell script in place of the image's command. RabbitMQ takes its first user from the environment once, when its files
 * are new; definitions are read at each start, so that the files of an older task take on the password of today, and no
 * other user is made. Source: RabbitMQ documentation, "Schema Definition Export and Import". The user and the password
 * have no character that JSON or the shell would read otherwise.
 */
export const startScript = ({ memory }: StartSettings): string => `set -eu
umask 077
cat >/tmp/definitions.json <<END
{
  "users": [{ "name": "$RABBITMQ_DEFAULT_USER", "password": "$RABBITMQ_DEFAULT_PASS", "tags": [] }],
  "vhosts": [{ "name": "/" }],
  "permissions": [
    { "user": "$RABBITMQ_DEFAULT_USER", "vhost": "/", "configure": ".*", "write": ".*", "read": ".*" }
  ]
}
END
cat >/etc/rabbitmq/conf.d/90-service.conf <<END
definitions.import_backend = local_filesystem
definitions.local.path = /tmp/definitions.json
vm_memory_high_watermark.absolute = ${Math.floor(memory * MEMORY_SHARE)}MiB
END
exec docker-entrypoint.sh rabbitmq-server
`;

/**
 * What RabbitMQ 4 takes of the memory before it makes publishers wait. It has to be told how much that is: what it finds
 * by itself on Fargate is the memory of the machine. Source: RabbitMQ documentation, "Memory Threshold and Limit".
 */
const MEMORY_SHARE = 0.6;
