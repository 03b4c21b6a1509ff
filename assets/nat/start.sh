systemctl daemon-reload
systemctl enable nat
timeout 300 systemctl restart nat || echo 'nat.service failed; systemd tries it again'
