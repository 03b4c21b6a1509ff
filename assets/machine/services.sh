
services() {
  step "services: $*"
  systemctl daemon-reload
  systemctl enable "$@"
  systemctl restart "$@"
}
