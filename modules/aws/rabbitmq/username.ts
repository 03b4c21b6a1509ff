import { z } from "zod";

/** User of the clients: 2 to 100 letters, digits and ._-, but not RabbitMQ's built-in `guest`. */
export const usernameSchema = z
  .string()
  .min(2) // Source: Amazon MQ API reference, User
  .max(100)
  .regex(/^[A-Za-z0-9._-]+$/, "must have letters, digits and ._- only")
  .refine((name) => name.toLowerCase() !== "guest", {
    error: ({ input }) => `must be a user of its own, as everybody knows that one, got ${JSON.stringify(input)}`,
  });
