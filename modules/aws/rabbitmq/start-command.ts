/** Inputs of the start script. */
export interface StartSettings {
  /** Memory of the task, MiB. */
  memory: number;
}

/**
 * Shell script in place of the image's command. RabbitMQ reads its default user from the environment only when its files
 * are new. Definitions are imported at each start, so that existing files get the current password and no further user is
 * created. Source: RabbitMQ documentation, "Schema Definition Export and Import". User and password need no escaping in
 * JSON or the shell.
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
 * Share of the memory above which RabbitMQ 4 blocks publishers. Set in absolute terms because on Fargate RabbitMQ detects
 * the memory of the host. Source: RabbitMQ documentation, "Memory Threshold and Limit".
 */
const MEMORY_SHARE = 0.6;
