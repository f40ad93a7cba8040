import type { Role } from '../../src/domain/alerting/escalation-policy.ts';
import type { Language } from '../../src/domain/language.ts';
import { randomStream, type StreamName } from '../random.ts';
import { personName } from './names.ts';

/** Somebody who can be texted. */
export interface Person {
  /** E.164, an invented mobile number. */
  readonly phone: string;
  readonly name: string;
  readonly language: Language;
  readonly role: Role;
}

/** One contact looks after so many homes that stand side by side. */
const HOMES_A_CONTACT = 10;
const CONTACTS_A_COMMUNITY = 3;

/** The family of a home, in the order in which they are asked: one or two. */
export function guardiansOf(seed: StreamName, homeNumber: number): Person[] {
  const count = randomStream(seed, 'guardians', homeNumber).chance(0.4) ? 2 : 1;
  return Array.from({ length: count }, (_, index) => guardian(seed, homeNumber, index + 1));
}

/** Who goes to the door of a home: the contact, and the neighbouring contact who stands in. */
export function contactsOf(seed: StreamName, homeNumber: number, communityNumber: number): Person[] {
  const usual = Math.floor((homeNumber - 1) / HOMES_A_CONTACT) % CONTACTS_A_COMMUNITY;
  return [usual, (usual + 1) % CONTACTS_A_COMMUNITY].map((place) => contact(seed, communityNumber, place));
}

export function supervisorOf(seed: StreamName, communityNumber: number): Person {
  return person(seed, 'supervisor', `+861370${digits(communityNumber, 4)}001`, 'zh-CN');
}

/** The desk that is always staffed, for the whole city. */
export function deskOf(seed: StreamName): Person {
  return person(seed, 'desk', '+8613600000001', 'zh-CN');
}

function guardian(seed: StreamName, homeNumber: number, position: number): Person {
  const isAbroad = randomStream(seed, 'guardian', homeNumber, position).chance(0.1);
  return person(seed, 'guardian', `+861380${digits(homeNumber, 4)}${digits(position, 3)}`, isAbroad ? 'en' : 'zh-CN');
}

function contact(seed: StreamName, communityNumber: number, place: number): Person {
  return person(seed, 'contact', `+861390${digits(communityNumber, 4)}${digits(place + 1, 3)}`, 'zh-CN');
}

function person(seed: StreamName, role: Role, phone: string, language: Language): Person {
  return { phone, language, role, name: personName(randomStream(seed, 'person', phone), language) };
}

function digits(number: number, length: number): string {
  return number.toString().padStart(length, '0');
}
