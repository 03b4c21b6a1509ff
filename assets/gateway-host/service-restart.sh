
# Tasks that ECS started before their image was there have failed, and it may have left the revision that they are of.
definition=$(aws ecs describe-services --cluster "$CLUSTER_NAME" --services "$SERVICE_NAME" \
  --query "services[?status=='ACTIVE'].taskDefinition" --output text) || definition=
if [ -n "$definition" ]; then
  family=${definition##*/}
  family=${family%:*}
  aws ecs update-service --cluster "$CLUSTER_NAME" --service "$SERVICE_NAME" --task-definition "$family" \
    --force-new-deployment >/dev/null
  echo "$SERVICE_NAME starts anew from the newest revision of $family"
fi
