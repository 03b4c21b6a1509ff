
# libraries NAMES...: into the environment of Python at /opt/ml
libraries() {
  step 'Python libraries'
  [ -x /opt/ml/bin/pip ] || python3.12 -m venv /opt/ml
  # /tmp is memory, too little for the wheels
  TMPDIR=/var/tmp retry /opt/ml/bin/pip install --no-cache-dir --constraint /etc/ml/constraints.txt "$@"
}
