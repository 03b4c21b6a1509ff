set -a
. /etc/ml/env
set +a
PATH=/opt/ml/bin:$PATH
