/** TCP ports of ExaDeploy's scheduler, module repository, runner and value store, which its clients connect to. */
export const EXADEPLOY_CLIENT_PORTS = [50050, 50051, 50100, 50101];
