import { Button } from '@mantine/core';
import { Plus, type LucideIcon } from 'lucide-react';
import { Link } from 'wouter';

/** What can be begun on a page, at the right of its title; it opens under an address of its own. */
export function ActionLink({ href, word, icon: Icon = Plus }: { href: string; word: string; icon?: LucideIcon }) {
  return (
    <Button component={Link} href={href} variant="default" leftSection={<Icon size={16} aria-hidden />}>
      {word}
    </Button>
  );
}
