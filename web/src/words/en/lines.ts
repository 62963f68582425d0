// Lines between the messages: who came, who went, what the room is called.
import { some } from "./room";

export const lines = {
  made: (who: string) => `${who} made this room`,
  joined: (who: string[], more: number) => `${some(who, more)} joined`,
  left: (who: string[], more: number) => `${some(who, more)} left`,
  removed: (who: string[], more: number, by: string) => `${by} removed ${some(who, more)}`,
  banned: (who: string[], more: number, by: string) => `${by} banned ${some(who, more)}`,
  added: (who: string[], more: number, by: string) => `${by} added ${some(who, more)}`,
  renamed: (who: string, name: string) => `${who} renamed the room to ${name}`,
  topicSet: (who: string, topic: string) => `${who} set the topic: ${topic}`,
  topicGone: (who: string) => `${who} removed the topic`,
  archivedBy: (who: string) => `${who} archived the room`,
};
